"""A network's server asked over HTTP, its answers sorted into the three ways a network may fail."""

from collections.abc import Mapping

from lotto.door import Answer, Door, DoorError, NotSent, Unclear
from lotto.publisher.networks.network import Refused, TryLater, Unknown

BREATH = 60.0
"""Seconds before a server is asked again that does not say itself when."""


async def ask(
    door: Door,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes | None = None,
    harmless: bool = False,
) -> Answer:
    """One request and its answer of any status below 500 but 429, which is TryLater.

    What may have arrived is Unknown; TryLater where the request is `harmless`: it shows nothing to anybody, however
    often it is sent.
    """
    try:
        answer = await door.send(method, url, headers=headers, content=content)
    except NotSent as error:
        raise TryLater(str(error), BREATH / 2) from error
    except Unclear as error:
        raise _doubt(str(error), harmless) from error
    except DoorError as error:
        raise Refused(str(error)) from error
    if answer.status == 429:
        wait = answer.retry_after
        raise TryLater("The server asks us to slow down.", BREATH if wait is None else max(wait, 1.0))
    if answer.status >= 500:
        raise _doubt(f"The server failed with {answer.status}.", harmless)
    return answer


def _doubt(why: str, harmless: bool) -> TryLater | Unknown:
    return TryLater(why, BREATH / 2) if harmless else Unknown(why)
