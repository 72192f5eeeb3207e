"""`python -m bench [NAME…]`: the measurements that are named, or every one, one after another."""

import sys
from pathlib import Path

# The browser is found by a tool of the workshop, which is no package.
sys.path.append(str(Path(__file__).parents[1] / "tools"))

from bench import backfill, cards, corrections, hop, latency, listeners, pages, reads

MEASUREMENTS = {
    "latency": latency.main,
    "hop": hop.main,
    "backfill": backfill.main,
    "pages": pages.main,
    "reads": reads.main,
    "listeners": listeners.main,
    "corrections": corrections.main,
    "cards": cards.main,
}

names = sys.argv[1:] or list(MEASUREMENTS)
unknown = [name for name in names if name not in MEASUREMENTS]
if unknown:
    sys.exit(f"There is no measurement “{unknown[0]}”; there are {', '.join(MEASUREMENTS)}.")
for name in names:
    MEASUREMENTS[name]()
