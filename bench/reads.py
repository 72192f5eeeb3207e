"""How many reads a second the API answers: hot ones (ready bytes) and misses, beside their rivals.

Each side is served by a process of its own, in turns, to the same load: `wrk` over keep-alive connections. Where nginx
is on the machine it serves the bytes of one answer as a file: the ceiling. Both are packages of Debian's.
"""

import asyncio
import json
import random
import shutil
import statistics
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import psycopg

from bench import load
from bench.backfill import ours as filled
from bench.backfill import pieces
from lotto.asgi.ready import FRESH
from lotto.draws.draw import DrawKey
from lotto.engines import Engines
from lotto.ledger.connection import prepare

ROUNDS = 3
"""Of each side; their median counts."""

LOTTERIES = 20
"""In the ledger: each with up to 2,000 draws, as its first two sources tell them."""

OF_CONSTANT = 0.75
OF_ORM = 5.0
OF_STATEMENTS = 0.6

ROTATING = """
local paths = {}
for line in io.lines(os.getenv("LOTTO_BENCH_PATHS")) do paths[#paths + 1] = line end
local at = 0
request = function()
    at = at % #paths + 1
    return wrk.format("GET", paths[at])
end
"""
"""For wrk: every request asks for another draw, so that none is answered with bytes that are ready."""


def _path(key: DrawKey) -> str:
    label = f"/{quote(key.label, safe='')}" if key.label else ""
    return f"/api/v1/lotteries/{key.lottery}/draws/{key.date}{label}"


def _line(name: str, rate: float, rival: str, ratio: float, limit: float) -> str:
    verdict = "holds" if ratio >= limit else "MISSED"
    return f"  {name:8} {rate:8.0f}/s   {ratio:5.2f} of {rival}, at least {limit}: {verdict}"


def main() -> None:
    """Measures, and prints every rate with its ratios and limits."""
    if not load.is_there():
        return
    told = pieces()
    loaded = {lottery.id for lottery, *_ in told[:LOTTERIES]}
    told = [one for one in told if one[0].id in loaded]
    # Of the lottery asked for, one draw a day without a label: every side takes such an address.
    lottery, said, _ = next(one for one in told if not any(word.key.label for word in one[1]))
    draw = f"/api/v1/lotteries/{lottery.id}/draws"
    hot = {"latest": "/api/v1/results/latest", "lottery": f"/api/v1/lotteries/{lottery.id}"}
    hot["draw"] = f"{draw}/{said[-1].key.date}"
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
        with load.served("ours", folder):
            facts["answers"] = {path: load.get(path) for path in hot.values()}
        facts["answers"]["/healthz"] = ([], "")
        (folder / "bench.json").write_text(json.dumps(facts))
        with psycopg.connect(engines.database_url or "") as conn:
            held = conn.execute("SELECT lottery, date, label FROM draw ORDER BY lottery, date, label").fetchall()
        asked = [_path(DrawKey(*one)) for one in held]
        random.Random(1).shuffle(asked)
        (folder / "paths").write_text("\n".join(asked))
        (folder / "rotating.lua").write_text(ROTATING)
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(ROUNDS):
            for side in ("ours", "constant", "orm", "statements"):
                with load.served(side, folder):
                    for what, path in hot.items():
                        if side in ("ours", "constant") or (side == "orm" and what != "lottery"):
                            rates.setdefault((side, what), []).append(load.rate(path))
                    if side in ("ours", "statements"):
                        missed = load.rate(draw, script=folder / "rotating.lua", paths=folder / "paths")
                        rates.setdefault((side, "miss"), []).append(missed)
        rate = {key: statistics.median(each) for key, each in rates.items()}
        size = {what: len(facts["answers"][path][1]) for what, path in hot.items()}
        ceiling = None
        if shutil.which("nginx"):
            with load.file(facts["answers"][hot["draw"]][1].encode(), folder):
                ceiling = load.rate("/answer.json")
    load_of = f"{load.CONNECTIONS} connections, {ROUNDS} rounds of {load.SECONDS} s a side"
    print(f"Reads: {LOTTERIES} lotteries, {len(told)} pages of their past, {load_of}")
    for what in hot:
        ours, bare = rate["ours", what], rate["constant", what]
        print(f"{_line(what, ours, 'a constant', ours / bare, OF_CONSTANT)}   ({size[what]} bytes)")
        if what != "lottery":
            print(_line("", ours, "FastAPI + ORM", ours / rate["orm", what], OF_ORM))
    missed, bare = rate["ours", "miss"], rate["statements", "miss"]
    if missed * FRESH > len(asked):
        raise RuntimeError(f"{len(asked)} draws are too few: some of {missed:.0f} answers a second were ready.")
    print(_line("miss", missed, "bare psycopg", missed / bare, OF_STATEMENTS))
    if ceiling is not None:
        print(f"  nginx    {ceiling:8.0f}/s   the bytes of the draw as a file: the ceiling")
    else:
        print("  nginx is not on this machine: no ceiling is shown")
