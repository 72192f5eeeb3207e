"""Linked data (JSON-LD): what a page is about, said so that search engines understand it."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote

Node: TypeAlias = Mapping[str, object]

CONTEXT = "https://schema.org"

FILES = {"csv": "text/csv", "jsonl": "application/jsonl"}
"""The exports that every house writes."""


def trail(origin: str, lang: str, steps: Sequence[tuple[str, str]]) -> Node:
    """The way to a page: each step's name and path below the language, this very page last."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": f"{origin}/{lang}/{path}"}
            for place, (name, path) in enumerate(steps, 1)
        ],
    }


def dataset(origin: str, lang: str, lottery: str, name: str, about: str, since: str, place: str) -> Node:
    """A lottery's published draws as a data set: `since` is the first day of its rules, `place` where it is drawn."""
    path = quote(lottery, safe="")
    return {
        "@context": CONTEXT,
        "@type": "Dataset",
        "name": name,
        "description": about,
        "url": f"{origin}/{lang}/{path}",
        "inLanguage": lang,
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "Lotto", "url": f"{origin}/"},
        "temporalCoverage": f"{since}/..",
        "spatialCoverage": place,
        "variableMeasured": name,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media,
                "contentUrl": f"{origin}/api/v1/lotteries/{path}/draws.{form}",
            }
            for form, media in FILES.items()
        ],
    }
