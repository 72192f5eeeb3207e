"""Told: whoever waits for a long work is told how far it is."""

from collections.abc import Callable

Told = Callable[[str, int, int], None]
"""Is told what is worked on, how much of it is done, and how much there is."""
