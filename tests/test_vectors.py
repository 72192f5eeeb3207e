"""The shared vectors of the ticket checker are what Python answers; Vitest reads the same file."""

import json
import os
from collections import Counter

from lotto import catalogue
from lotto.draws.pool import Kind
from vectors import FILE, vectors

KNOWN = catalogue.load().lotteries


def test_the_vectors_say_what_the_checker_answers():
    made = json.loads(json.dumps(vectors(KNOWN)))
    if os.environ.get("LOTTO_VECTORS") == "write":
        FILE.write_text(
            json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('{"lottery"', '\n{"lottery"') + "\n"
        )
    kept = json.loads(FILE.read_text(encoding="utf-8"))
    assert kept["lotteries"] == made["lotteries"], "the rules are others: LOTTO_VECTORS=write makes the vectors anew"
    assert kept["cases"] == made["cases"]


def test_the_vectors_hold_every_kind_of_pool_wins_of_systems_and_every_refusal():
    cases = json.loads(FILE.read_text(encoding="utf-8"))
    pools = [pool for one in cases["lotteries"].values() for era in one["eras"] for pool in era["pools"]]
    assert {pool["kind"] for pool in pools} == {*Kind}
    assert any(pool["rest_of"] for pool in pools)
    assert any(pool["among"] for pool in pools)
    refused = Counter(case["refused"]["why"] for case in cases["cases"] if "refused" in case)
    assert refused.keys() == {"tiers", "uncountable", "parts", "value", "twice", "few", "count", "large"}
    won = [one for case in cases["cases"] for one in case.get("won", ())]
    assert len(won) > 100
    assert any(one["lines"] > 1 for one in won)
    assert any(case.get("unplayable") for case in cases["cases"])
