"""A year of a hundred lotteries on a clock that jumps, told with every fault: nothing wrong is ever confirmed.

`make test` lives through some days of a few lotteries, `make fuzz` (LOTTO_FUZZ=full) through the whole year.
LOTTO_SEED repeats another run than the usual one.
"""

import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from datetime import date

import psycopg
import pytest

from conftest import Servers, drop
from year.report import Report
from year.trial import Trial

FULL = os.environ.get("LOTTO_FUZZ") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))

PARTS = 8
"""The year's lotteries are lived in so many parts, two at a time, each in a ledger of its own."""
YEAR = Trial(100, date(2025, 1, 1), 366, parts=PARTS, seed=SEED)
SAMPLE = Trial(5, date(2024, 12, 24), 9, seed=SEED)


@pytest.fixture(scope="module")
def report(servers: Servers) -> Report:
    """What became of the sample, or of the whole year."""
    trials = [YEAR.of_part(part) for part in range(PARTS)] if FULL else [SAMPLE]
    found = Report()
    with psycopg.connect(servers.database_url, autocommit=True) as conn:
        names = [f"year_{n}" for n in range(len(trials))]
        for name in names:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE pattern")
        with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
            urls = map(servers.database, names)
            for one in pool.map(Trial.held, trials, urls) if FULL else map(Trial.held, trials, urls):
                found.add(one)
        for name in names:
            drop(conn, name)
    return found
