"""The terminal: what a command writes to it, and how it is told to stop."""

import asyncio
import gc
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import msgspec
from rich.console import Console
from rich.progress import Progress, TaskID

from lotto.commands.errors import SPEAKABLE
from lotto.told import Told

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 1000)
"""On a screen tables fold to its width; in a file or a pipe every row is one line."""


def until_told(work: Callable[[], Awaitable[None]]) -> None:
    """Runs until the work is done or the process is told to stop; then everything is put away in order."""

    async def work_on() -> None:
        task = asyncio.ensure_future(work())
        loop = asyncio.get_running_loop()
        for told in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(told, task.cancel)
        try:
            await task
        except asyncio.CancelledError:
            out.print("Stopped.")

    # What is loaded by now stays for as long as we run: looking through it for garbage, in the middle of a page, takes
    # longer than most pages do.
    gc.freeze()
    try:
        asyncio.run(work_on())
    except BaseExceptionGroup as group:
        spoken = group.subgroup(SPEAKABLE)
        if spoken is None:
            raise
        error: BaseException = spoken
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None


@contextmanager
def progress() -> Iterator[Told]:
    """A bar for what is worked on, on a terminal; elsewhere nothing."""
    with Progress(console=out, disable=not out.is_terminal, transient=True) as progress:
        bars: dict[str, TaskID] = {}

        def told(name: str, done: int, total: int) -> None:
            if name not in bars:
                bars[name] = progress.add_task(name)
            progress.update(bars[name], completed=done, total=max(total, done, 1))

        yield told


def print_json(value: object) -> None:
    """Writes a value as JSON, for machines."""
    out.print(msgspec.json.format(msgspec.json.encode(value)).decode(), highlight=False, markup=False, soft_wrap=True)
