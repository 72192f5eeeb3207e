"""The language that an answer is asked for in."""

from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator

from lotto.words import LANGUAGES, speak


def _spoken(lang: str) -> str:
    return speak(lang).lang


Lang = Annotated[
    str,
    AfterValidator(_spoken),
    Query(max_length=10, description="the language", json_schema_extra={"enum": list(LANGUAGES)}),
]
"""A route's parameter of this type is a language that we speak."""
