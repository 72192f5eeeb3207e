"""The language that an answer is asked for in."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from lotto.words import LANGUAGES


def spoken(lang: str) -> str:
    """The language, one that the site speaks; raises ValueError with a sentence."""
    if lang not in LANGUAGES:
        raise ValueError(f"“{lang}” is no language of this site; it speaks {', '.join(LANGUAGES)}.")
    return lang


Lang = Annotated[
    str,
    AfterValidator(spoken),
    Query(max_length=10, description="the language", json_schema_extra={"enum": list(LANGUAGES)}),
]
"""A route's parameter of this type is a language that the site speaks: cards speak more."""
