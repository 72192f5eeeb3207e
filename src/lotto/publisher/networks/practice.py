"""Practice networks: those of `lotto.replay.networks`, to see what becomes of a post when answers are lost.

They know nothing of our keys, as most real networks do not. One shows its timeline after a while, so that we can look
back; a blind one takes posts and shows nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from lotto.door import Answer, Door
from lotto.publisher.asking import ask
from lotto.publisher.networks.network import Facts, Guard, Network, Outside, Posted, Refused, Sheet, Unknown


class PracticeFacts(Facts, kw_only=True):
    """`server` is the network's address; it is `blind`, or lists a post after `lag` seconds at the most."""

    server: str
    blind: bool = False
    lag: float = 10.0

    @property
    def servers(self) -> Sequence[str]:
        return (self.server,)

    def faults(self) -> Iterator[tuple[str, str]]:
        parts = urlsplit(self.server)
        if parts.scheme != "http" or not parts.hostname or not parts.path.strip("/"):
            yield "server", f"“{self.server}” is no practice network; write it like http://127.0.0.1:8500/timeline."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Practice":
        return Practice(self.server, Guard.NONE if self.blind else Guard.LOOK_BACK, self.lag, outside.door)


class Practice(Network):
    """One practice network; its guard is the account's own affair."""

    longest = 500
    images = None
    facts = PracticeFacts

    def __init__(self, server: str, guard: Guard, lag: float, door: Door) -> None:
        self._posts = f"{server.rstrip('/')}/posts"
        self.guard = guard  # a real network has one for all its accounts
        self.lag = lag
        self._door = door

    async def check(self) -> str:
        answer = await ask(self._door, "GET", self._posts, headers={})
        return f"The practice network answers ({answer.status})."

    async def post(self, sheet: Sheet) -> Posted:
        return await self._send({"text": sheet.text, "alt": sheet.alt})

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        return await self._send({"text": sheet.text, "alt": sheet.alt, "answers": remote_id})

    @property
    def removes(self) -> bool:
        """A blind one forgets nothing."""
        return self.guard is not Guard.NONE

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        address = f"{self._posts}/{remote_id}"
        answer = await ask(self._door, "DELETE", address, headers={}, harmless=True)
        if answer.status not in (204, 404):
            raise Refused(f"The practice network refused with {answer.status}.")
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        address = self._posts
        while page := _read(await ask(self._door, "GET", address, headers={}, harmless=True))["posts"]:
            for post in page:
                if post["text"] == sheet.text:
                    return self._posted(post)
                if datetime.fromisoformat(post["at"]) < sheet.since:
                    return None
            address = f"{self._posts}?before={page[-1]['id']}"
        return None

    async def _send(self, wish: Mapping[str, Any]) -> Posted:
        headers = {"Content-Type": "application/json"}
        return self._posted(
            _read(await ask(self._door, "POST", self._posts, headers=headers, content=msgspec.json.encode(wish)))
        )

    def _posted(self, post: Mapping[str, Any]) -> Posted:
        return Posted(post["id"], f"{self._posts}/{post['id']}")


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status not in (200, 201):
        raise Refused(f"The practice network refused with {answer.status}.")
    try:
        return dict(msgspec.json.decode(answer.body))
    except (msgspec.MsgspecError, TypeError):
        raise Unknown("The practice network answered with what is not its own.") from None
