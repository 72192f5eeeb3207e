"""How many pages a second the site gives: kept ones beside a bare constant, a board made anew beside a read of the API.

Each side is a process of its own under the load of `load`. What is made anew is asked for one after another by a reader
who takes nothing old, and so are the reads that it is compared with.
"""

import asyncio
import json
import statistics
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import load
from bench.backfill import ours as filled
from bench.backfill import pieces
from lotto.engines import Engines
from lotto.ledger.connection import prepare

LOTTERIES = 20
"""On the board, with their whole past."""
ROUNDS = 3
"""Of each side; their median counts."""
ASKED = 200
"""Boards made anew, and reads."""

OF_CONSTANT = 0.5
OF_READ = 5.0


def main() -> None:
    """Measures, and prints every rate with its ratio and limit."""
    if not load.is_there():
        return
    told = pieces()
    loaded = {lottery.id for lottery, *_ in told[:LOTTERIES]}
    told = [one for one in told if one[0].id in loaded]
    lottery, said, _ = next(one for one in told if not any(word.key.label for word in one[1]))
    pages = {"board": "/en/", "lottery": f"/en/{lottery.id}", "draw": f"/en/{lottery.id}/{said[-1].key.date}"}
    with (
        TemporaryDirectory(prefix="lotto-bench-") as data,
        TemporaryDirectory(prefix="lotto-bench-") as name,
        Engines(Path(data)) as engines,
    ):
        folder = Path(name)
        facts: dict[str, Any] = {"database_url": engines.database_url, "redis_url": engines.redis_url, "answers": {}}
        prepare(engines.database_url or "", "live")
        asyncio.run(filled(engines.database_url or "", told))
        (folder / "bench.json").write_text(json.dumps(facts))
        with load.served("site", folder):
            facts["answers"] = {path: load.get(path) for path in pages.values()} | {"/healthz": ([], "")}
            took = {path: _tail(path) for path in ("/en/", "/api/v1/results/latest")}
        (folder / "bench.json").write_text(json.dumps(facts))
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for side in ("site", "constant"):
                with load.served(side, folder):
                    for what, path in pages.items():
                        rates.setdefault((side, what), []).append(load.rate(path))
    print(f"Board: {LOTTERIES} lotteries, {load.CONNECTIONS} connections, {ROUNDS} rounds of {load.SECONDS} s a side")
    _print_kept(rates, {what: len(facts["answers"][path][1]) for what, path in pages.items()})
    board, read = took.values()
    verdict = "holds" if board <= OF_READ * read else "MISSED"
    print(f"  made anew, 95 of 100 within: board {board:.1f} ms, read {read:.1f} ms")
    print(f"  {board / read:13.2f} of a read of the same draws, at most {OF_READ}: {verdict}")


def _print_kept(rates: Mapping[tuple[str, str], list[float]], size: Mapping[str, int]) -> None:
    for what, bytes_ in size.items():
        ours, bare = (statistics.median(rates[side, what]) for side in ("site", "constant"))
        verdict = "holds" if ours >= OF_CONSTANT * bare else "MISSED"
        ratio = f"{ours / bare:5.2f} of a constant, at least {OF_CONSTANT}: {verdict}"
        print(f"  {what:8} {ours:8.0f}/s   {ratio}   ({bytes_} bytes)")


def _tail(path: str) -> float:
    """Milliseconds within which 95 of 100 are answered anew."""
    request = urllib.request.Request(f"http://127.0.0.1:{load.PORT}{path}", headers={"Cache-Control": "no-cache"})
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.quantiles(took, n=20)[18]
