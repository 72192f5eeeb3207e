"""The language that an answer is asked for in."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from lotto.words import LANGUAGES


def _spoken(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"“{lang}” is no language of this site; it speaks {', '.join(LANGUAGES)}.")
    return lang


Lang = Annotated[
    str,
    AfterValidator(_spoken),
    Query(max_length=10, description="the language", json_schema_extra={"enum": list(LANGUAGES)}),
]
"""A route's parameter of this type is a language that the site speaks: cards speak more."""
