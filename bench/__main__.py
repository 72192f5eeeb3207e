"""`python -m bench [NAME…]`: the measurements that are named, or every one, one after another."""

import sys
from pathlib import Path

# The browser is found by a tool of the workshop, which is no package.
sys.path.append(str(Path(__file__).parents[1] / "tools"))

from bench import backfill, board, cards, corrections, hop, latency, listeners, pages, reads, site

MEASUREMENTS = {
    "latency": latency.main,
    "hop": hop.main,
    "backfill": backfill.main,
    "pages": pages.main,
    "reads": reads.main,
    "board": board.main,
    "listeners": listeners.main,
    "corrections": corrections.main,
    "cards": cards.main,
    "site": site.main,
}

names = sys.argv[1:] or list(MEASUREMENTS)
unknown = [name for name in names if name not in MEASUREMENTS]
if unknown:
    sys.exit(f"There is no measurement “{unknown[0]}”; there are {', '.join(MEASUREMENTS)}.")
for name in names:
    MEASUREMENTS[name]()
