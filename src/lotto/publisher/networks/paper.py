"""Paper: posts become files in a folder, with a journal of everything that became visible.

For practice and for newsrooms that print. Nothing is ever taken out of the journal, so a post that went out twice
shows twice.
"""

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from lotto.publisher.networks.network import Facts, Guard, Images, Network, Outside, Posted, Refused, Sheet


class PaperFacts(Facts, kw_only=True):
    """Paper needs to know nothing: each account has the folder of its name."""

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Paper":
        return Paper(outside.folder / name, f"{outside.site}/en/wall", outside.clock)


class Paper(Network):
    """A folder: `journal.jsonl`, one line a post in the order they went out, and the pictures beside it."""

    guard = Guard.LOOK_BACK
    longest = 500
    images = Images(bytes=50_000_000)
    alt_text = True
    facts = PaperFacts

    def __init__(self, folder: Path, wall: str, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._wall = wall
        self._clock = clock

    async def check(self) -> str:
        """Says where it writes; raises Refused where it cannot."""
        try:
            await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"The folder {self._folder} cannot be made: {error.strerror}.") from error
        return f"Posts are written to {self._folder}."

    async def post(self, sheet: Sheet) -> Posted:
        """Writes the picture, then the line that makes the post visible; it stays once this returns."""
        return await asyncio.to_thread(self._write, sheet, None)

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """Writes a post that names the one it answers."""
        return await asyncio.to_thread(self._write, sheet, remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        """The post of that key, if the journal has it."""
        found = next((line for line in await asyncio.to_thread(self.journal) if line["key"] == sheet.key), None)
        return self._posted(sheet) if found else None

    def journal(self) -> list[dict[str, str]]:
        """Every post that went out, oldest first; a line cut off by a crash never became visible."""
        path = self._folder / "journal.jsonl"
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_bytes().split(b"\n") if line.endswith(b"}")]

    def _write(self, sheet: Sheet, answers: str | None) -> Posted:
        self._folder.mkdir(parents=True, exist_ok=True)
        line = {"key": sheet.key, "at": self._clock().isoformat(), "text": sheet.text, "alt": sheet.alt}
        if answers:
            line["answers"] = answers
        if sheet.image:
            line["image"] = f"{sheet.key}.{sheet.media.rpartition('/')[2]}"
            (self._folder / line["image"]).write_bytes(sheet.image)
        with (self._folder / "journal.jsonl").open("ab") as journal:
            # One write, led by a line end: what a crash cut off before stays a line of its own, and is none of ours.
            journal.write(b"\n" + json.dumps(line, ensure_ascii=False).encode())
            journal.flush()
            os.fsync(journal.fileno())
        return self._posted(sheet)

    def _posted(self, sheet: Sheet) -> Posted:
        return Posted(sheet.key, f"{self._wall}#{sheet.key}")
