"""A network's server asked over HTTP, its answers sorted into the ways in which a network may fail."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import msgspec

from lotto.door import Answer, Door, DoorError, NotSent, Unclear
from lotto.publisher.networks.network import Barred, Refused, SlowDown, TryLater, Unknown

BREATH = 60.0
"""Seconds before a server is asked again that does not say itself when."""

LONGEST_BREATH = 86_400.0
"""What a server says of its own limits is believed up to here, in seconds."""

RESETS = ("ratelimit-reset", "x-rate-limit-reset", "x-ratelimit-reset-after", "x-ratelimit-reset")
"""Headers in which servers say when they may be asked again: an instant, seconds since 1970, or seconds from now."""


DAILY = (
    ("x-user-limit-24hour-remaining", "x-user-limit-24hour-reset"),
    ("x-app-limit-24hour-remaining", "x-app-limit-24hour-reset"),
)
"""Headers of X's daily limits: how much is left, and until when that holds."""


class _Wait(msgspec.Struct):
    retry_after: float | None = None
    parameters: dict[str, float] = {}


async def ask(
    door: Door,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes | None = None,
    harmless: bool = False,
) -> Answer:
    """One request and its answer of any status below 500 but 429, which is SlowDown.

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
        raise SlowDown("The server asks us to slow down.", patience(answer))
    if answer.status >= 500:
        raise _doubt(f"The server failed with {answer.status}.", harmless)
    return answer


def patience(answer: Answer) -> float:
    """Seconds until that server wants to be asked again, by its own word where it gives one."""
    names = [reset for left, reset in DAILY if answer.headers.get(left) == "0"] + list(RESETS)
    waits = [answer.retry_after, _in_words(answer), *(_until(answer, answer.headers.get(name, "")) for name in names)]
    return next((min(max(wait, 1.0), LONGEST_BREATH) for wait in waits if wait is not None), BREATH)


def _in_words(answer: Answer) -> float | None:
    """The `retry_after` in an answer's body, where Discord and Telegram write it."""
    try:
        told = msgspec.json.decode(answer.body, type=_Wait)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return told.retry_after if told.retry_after is not None else told.parameters.get("retry_after")


def _until(answer: Answer, told: str) -> float | None:
    now = answer.answered_at
    try:
        number = float(told)
    except ValueError:
        try:
            at = datetime.fromisoformat(told)
        except ValueError:
            return None
        return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    return number - now.timestamp() if number > 1e9 else number


def _doubt(why: str, harmless: bool) -> TryLater | Unknown:
    return TryLater(why, BREATH / 2) if harmless else Unknown(why)


@dataclass(frozen=True)
class Body:
    """What a request carries, and as what."""

    content: bytes = field(repr=False)
    media: str


def as_json(wish: Any) -> Body:
    """A JSON body."""
    return Body(msgspec.json.encode(wish), "application/json")


def as_form(fields: Mapping[str, str]) -> Body:
    """A body like that of a web page's form."""
    return Body(urlencode(fields).encode(), "application/x-www-form-urlencoded")


@dataclass(frozen=True)
class File:
    """A file in a form: in which field, under which name, its bytes and what they are."""

    field: str
    name: str
    content: bytes
    media: str


def as_parts(fields: Mapping[str, str], *files: File) -> Body:
    """A form with files in it (multipart/form-data); they come last, as S3 wants it."""
    boundary = "lotto-4f1d0b8f9c7e4a52"
    while any(boundary.encode() in file.content for file in files):
        boundary += "x"
    parts = [(f'name="{key}"', value.encode()) for key, value in fields.items()]
    parts += [
        (f'name="{file.field}"; filename="{file.name}"\r\nContent-Type: {file.media}', file.content) for file in files
    ]
    lines = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    ]
    return Body(b"".join([*lines, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}")


Objection = Callable[[Answer, Any], Exception | None]
"""What is wrong with an answer, as one of the ways in which a network may fail; None when nothing is."""


@dataclass(frozen=True)
class Api:
    """An HTTP API that speaks JSON: its address, what every request carries, and how it says no."""

    door: Door = field(repr=False)
    base: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    objection: Objection = field(repr=False)
    secrets: Collection[str] = field(repr=False)
    """What no sentence may hold, though servers repeat it in theirs."""

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> Any:
        """What stands there, decoded."""
        return await self.call("GET", path, query=query, harmless=True)

    async def call(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        harmless: bool = False,
        also: Collection[int] = (),
    ) -> Any:
        """The decoded answer; `path` may be a whole address that the server itself gave us."""
        _, told = await self.answer(method, path, body, query=query, headers=headers, harmless=harmless, also=also)
        return told

    async def delete(self, path: str, query: Mapping[str, str] | None = None) -> None:
        """Takes away what stands there, or sees that it is gone."""
        await self.call("DELETE", path, query=query, harmless=True, also=(404, 410))

    async def answer(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        harmless: bool = False,
        also: Collection[int] = (),
    ) -> tuple[Answer, Any]:
        """The whole answer, and what it says, decoded; nothing decoded of an empty one.

        A status of `also` is no objection.
        """
        address = path if path.startswith(("http://", "https://")) else f"{self.base.rstrip('/')}/{path}"
        if query:
            address += ("&" if "?" in address else "?") + urlencode(query)
        sent = {**self.headers, **({"Content-Type": body.media} if body else {}), **(headers or {})}
        answer = await ask(
            self.door, method, address, headers=sent, content=body.content if body else None, harmless=harmless
        )
        told = _decoded(answer, harmless)
        wrong = None if answer.status in also else self.objection(answer, told)
        if wrong is not None:
            wrong.args = (self._hidden(str(wrong)),)
            raise wrong
        return answer, told

    def _hidden(self, sentence: str) -> str:
        for secret in self.secrets:
            sentence = sentence.replace(secret, "…") if secret else sentence
        return sentence


def _decoded(answer: Answer, harmless: bool) -> Any:
    if not answer.body.strip():
        return None
    try:
        return msgspec.json.decode(answer.body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        if answer.status >= 300:
            return None
        raise _doubt(f"The server answered {answer.status} with what is not JSON.", harmless) from None


def objecting(network: str, words: Callable[[Any], str]) -> Objection:
    """The usual objection: 2xx is yes, 401 and 403 bar us, all else is refused in the server's own `words`."""

    def objection(answer: Answer, told: Any) -> Exception | None:
        if 200 <= answer.status < 300:
            return None
        return refusal(network, answer, words(told) if isinstance(told, dict) else "")

    return objection


def refusal(network: str, answer: Answer, said: str) -> Refused:
    """An answer that is no yes, as a sentence; at X and Discord a 403 may be about one post alone."""
    why = f": {said[:300]}" if said else "."
    if answer.status == 401:
        return Barred(f"{network} does not take the credentials (any more){why}")
    if answer.status == 403:
        return Barred(f"{network} does not let this account do that{why}")
    return Refused(f"{network} refused with {answer.status}{why}")
