"""One request, one answer, over a connection of its own.

No connection is kept: each is resolved and checked afresh, and a request never dies on a connection that the server
had meanwhile closed, which could not be told from a request that arrived.
"""

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpcore2

from lotto.door import body
from lotto.door.errors import NotSent, Refused, Unclear
from lotto.door.guard import Way
from lotto.door.limits import Limits

_MOST_AT_ONCE = 100
_OURS = frozenset({"connection", "content-length", "host", "transfer-encoding"})


@dataclass(frozen=True)
class Reply:
    """Status, header and decompressed body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Speaks HTTP/1.1 over `network`, trusting what `tls` trusts; knows no proxy, no cookie and no redirect."""

    def __init__(self, network: httpcore2.AsyncNetworkBackend, tls: ssl.SSLContext) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=_MOST_AT_ONCE,
            max_keepalive_connections=0,
            network_backend=network,
        )

    async def aclose(self) -> None:
        """Closes what is open."""
        await self._pool.aclose()

    async def exchange(
        self,
        method: str,
        way: Way,
        headers: Mapping[str, str],
        content: bytes | None,
        limits: Limits,
    ) -> Reply:
        """Sends the request and reads the whole answer; raises Refused, NotSent or Unclear.

        Messages name the host alone: a path may hold a secret.
        """
        if _OURS & {name.lower() for name in headers}:
            raise Refused(f"A request's {', '.join(sorted(_OURS))} are written by the door itself.")
        begun = False

        async def note(event: str, _: Mapping[str, Any]) -> None:
            nonlocal begun
            begun = begun or event == "http11.send_request_headers.started"

        scheme, host, port = way.to
        try:
            async with (
                asyncio.timeout(limits.total),
                self._pool.stream(
                    method.encode(),
                    httpcore2.URL(scheme=scheme, host=host, port=port, target=way.target),
                    headers=[
                        (name.encode(), value.encode()) for name, value in {"Host": way.authority, **headers}.items()
                    ],
                    content=content,
                    extensions={"timeout": _timeouts(limits), "trace": note},
                ) as response,
            ):
                told = _fields(response.headers)
                coding = told.get("content-encoding", "")
                whole = await body.read(response.aiter_stream(), coding, limits.body, cut=limits.cut)
                return Reply(response.status, told, whole)
        except httpcore2.LocalProtocolError as error:
            raise Refused(f"The request to {way.host} cannot be written as HTTP: {error}.") from None
        except body.Unreadable as error:
            raise Unclear(f"{way.host}'s answer {error}.") from None
        except TimeoutError as error:
            reason = f"no whole answer in {limits.total:g} s"
            raise _failure(way, reason, begun) from error
        except (httpcore2.NetworkError, httpcore2.ProtocolError, httpcore2.TimeoutException) as error:
            raise _failure(way, _reason(error), begun) from error


def _failure(way: Way, reason: str, begun: bool) -> NotSent | Unclear:
    if begun:
        return Unclear(f"{way.host} gave no whole answer ({reason}); the request may have arrived.")
    return NotSent(f"{way.host} could not be reached ({reason}); nothing was sent.")


def _reason(error: Exception) -> str:
    if isinstance(error, httpcore2.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, httpcore2.TimeoutException):
        return "it went silent"
    return str(error).strip().rstrip(".") or "the connection broke"


def _timeouts(limits: Limits) -> dict[str, float]:
    return {"connect": limits.connect, "read": limits.read, "write": limits.read, "pool": limits.total}


def _fields(raw: list[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in raw:
        key, text = name.decode("ascii").lower(), _text(value)
        fields[key] = f"{fields[key]}, {text}" if key in fields else text
    return fields


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
