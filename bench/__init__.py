"""Measurements: each prints what it found as ratios to its limit; none is a test."""
