"""Measurements: each prints what it found as ratios to its limit; none is a test."""

import sys
from pathlib import Path

# They stand on what the tests stand on: recorded pages, servers, the browser.
sys.path[:0] = [str(Path(__file__).parent.parent / folder) for folder in ("tests", "tools")]
