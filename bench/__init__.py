"""Measurements: each prints what it found as ratios to its limit; none is a test. Tools and tests lend their parts."""

import sys
from pathlib import Path

sys.path += [str(Path(__file__).parent.parent / folder) for folder in ("tools", "tests")]
