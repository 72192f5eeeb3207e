"""The pages as Lighthouse scores them on a phone, in a real Chromium against the demo: the median of five runs a page.

Lighthouse is a tool of its own in `bench/lighthouse`, which `make bench` installs.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
from browser import QUIET, find
from practice_site import running

FOLDER = Path(__file__).parent / "lighthouse"
RUNS = 5
TRIES = 3
"""Lighthouse now and then misses the beginning of its own recording (NO_NAVSTART) and says to run it again."""

PAGES = {
    "board": "en/",
    "lottery": "en/us_powerball",
    "draw": "en/us_mega_millions/2022-05-10",
    "checker": "en/check?lottery=us_powerball",
    "statistics": "en/us_powerball/statistics",
}

LIMITS = {"performance": 98.0, "accessibility": 100.0, "best-practices": 100.0, "seo": 100.0}
"""The least of each score."""


@dataclass(frozen=True)
class Run:
    """One look of Lighthouse at a page: scores of 100, how far things moved, and what it found wanting."""

    scores: Mapping[str, float]
    shift: float
    power: float
    """Lighthouse's own index of the machine at that moment; below 1,000 it calls it slower than it expects."""
    wanting: tuple[str, ...]


def measured(address: str, chromium: str) -> Run:
    """One run; raises RuntimeError with what Lighthouse said."""
    command = [str(FOLDER / "node_modules" / ".bin" / "lighthouse"), address, "--output=json", "--quiet"]
    command += [f"--only-categories={','.join(LIMITS)}", f"--chrome-flags=--headless=new {' '.join(QUIET)}"]
    env = {**os.environ, "CHROME_PATH": chromium, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with tempfile.TemporaryDirectory() as folder:
        # Into a file: Lighthouse may end before all of its report has gone down a pipe.
        report = Path(folder) / "report.json"
        command.append(f"--output-path={report}")
        for _ in range(TRIES):
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=300)
            if done.returncode == 0 and "runtimeError" not in (told := json.loads(report.read_text())):
                break
        else:
            raise RuntimeError(f"Lighthouse could not look at {address}: {done.stderr[-600:]}")
    audits = told["audits"]
    return Run(
        scores={name: round(told["categories"][name]["score"] * 100, 1) for name in LIMITS},
        shift=audits["cumulative-layout-shift"]["numericValue"],
        power=told["environment"]["benchmarkIndex"],
        wanting=tuple(
            f"{one['id']}: {one['title']}"
            for name in LIMITS
            for ref in told["categories"][name]["auditRefs"]
            if ref["weight"] and (one := audits[ref["id"]])["score"] is not None and one["score"] < 0.9
        ),
    )


def main() -> None:
    """Prints every page's medians, how the limits are kept, and what was found wanting."""
    chromium = find()
    if chromium is None:
        sys.exit("There is no Chromium: run `python tools/browser.py`, or set LOTTO_BROWSER to one.")
    if not (FOLDER / "node_modules").is_dir():
        sys.exit("Lighthouse is not installed: run `make bench`.")
    print(f"site: Lighthouse on a phone, median of {RUNS}")
    with running(every=60) as demo:
        for name, path in PAGES.items():
            if (status := httpx2.get(f"{demo}/{path}", trust_env=False).status_code) != httpx2.codes.OK:
                print(f"  {name:10} not measured: /{path} answers {status}")
                continue
            runs = [measured(f"{demo}/{path}", chromium) for _ in range(RUNS)]
            _tell(name, runs)


def _tell(name: str, runs: list[Run]) -> None:
    for score, limit in LIMITS.items():
        median = statistics.median(run.scores[score] for run in runs)
        print(f"  {name:10} {score:15} {median:5.0f} (limit {limit:.0f}) {'kept' if median >= limit else 'MISSED'}")
    shift = statistics.median(run.shift for run in runs)
    print(f"  {name:10} {'layout shift':15} {shift:5.3f} (limit 0) {'kept' if not shift else 'MISSED'}")
    print(f"  {name:10} {'machine':15} {statistics.median(run.power for run in runs):5.0f} (Lighthouse expects 1000)")
    for what in sorted({what for run in runs for what in run.wanting}):
        print(f"    {what}")
