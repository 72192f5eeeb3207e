"""The network under the HTTP client: connects to checked addresses only."""

from collections.abc import Iterable

import httpcore2

from lotto.door.guard import Guard


class PinnedNetwork(httpcore2.AsyncNetworkBackend):
    """Resolves a name once for a connection, has every address checked, and dials those addresses, never the name.

    TLS and the Host header keep the name: the client above knows nothing of the address.
    """

    def __init__(self, guard: Guard, dial: httpcore2.AsyncNetworkBackend) -> None:
        self._guard = guard
        self._dial = dial

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """A connection to the first of the host's addresses that answers, each given its share of the time."""
        found = await self._guard.pinned(host, port, within=timeout)
        share = None if timeout is None else timeout / len(found)
        failure: Exception = httpcore2.ConnectError(f"{host} has no address.")
        for address in found:
            try:
                return await self._dial.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure
