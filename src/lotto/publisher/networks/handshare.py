"""The hand-share kit: a folder a post with picture, text and words, for networks where only people may post.

WhatsApp channels and TikTok among them. A person opens the folder, copies and shares. A correction is a folder of its
own whose name says so; nothing is taken back, and one folder more never doubles a post.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from lotto.publisher.networks.network import Facts, Guard, Images, Network, Outside, Posted, Refused, Sheet

READY = "ready.json"
"""Written last: with it the kit is whole."""


class HandshareFacts(Facts, kw_only=True):
    """The kit needs to know nothing: each account has the folder of its name."""

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Handshare":
        return Handshare(outside.folder / name, outside.clock)


class Handshare(Network):
    """A folder of kits, each named by the minute at which it was planned."""

    guard = Guard.LOOK_BACK
    longest = 1_000
    images = Images(bytes=50_000_000)
    alt_text = True
    facts = HandshareFacts

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    async def check(self) -> str:
        """Says where the kits are; raises Refused where they cannot be."""
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"The folder {self._folder} cannot be made: {error.strerror}.") from error
        return f"Kits are put into {self._folder}; a person shares them."

    async def post(self, sheet: Sheet) -> Posted:
        return await asyncio.to_thread(self._write, sheet, "")

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A kit that names the one it corrects."""
        return await asyncio.to_thread(self._write, sheet, remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        """By our key alone: after a restore of the ledger the same kit is planned at another minute."""
        return await asyncio.to_thread(self._found, sheet)

    def _found(self, sheet: Sheet) -> Posted | None:
        whole = self._folder.glob(f"* {sheet.key[:8]}/{READY}")
        return next((Posted(one.parent.name) for one in whole if sheet.key in one.read_text()), None)

    def _kit(self, sheet: Sheet) -> Path:
        return self._folder / f"{sheet.planned_at:%Y-%m-%d %H%M} {sheet.key[:8]}"

    def _write(self, sheet: Sheet, answers: str) -> Posted:
        """Every file under its name at once, the mark that all are there last; the same kit however often."""
        kit = self._kit(sheet)
        kit.mkdir(parents=True, exist_ok=True)
        _put(kit / "text.txt", sheet.text.encode())
        if sheet.image is not None:
            _put(kit / f"picture.{sheet.media.rpartition('/')[2]}", sheet.image)
            _put(kit / "alt.txt", sheet.alt.encode())
        ready = {"key": sheet.key, "at": self._clock().isoformat(), "answers": answers}
        _put(kit / READY, json.dumps(ready).encode())
        return Posted(kit.name)


def _put(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}")
    with draft.open("wb") as written:
        written.write(content)
        written.flush()
        os.fsync(written.fileno())
    draft.replace(file)
