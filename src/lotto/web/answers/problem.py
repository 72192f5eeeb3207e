"""Errors, as the API answers them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ProblemAnswer:
    """An error: what is wrong and what to do."""

    title: str = ""
    status: int = 0
    detail: str = ""
