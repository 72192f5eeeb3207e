"""Recorded pages, read by their sources without a ledger: what they say of each lottery."""

from collections import defaultdict
from collections.abc import Collection
from pathlib import Path

from lotto.captures import BadCapture, captures
from lotto.catalogue import Catalogue
from lotto.draws.draw import Observation
from lotto.scraper.reading import sort
from lotto.scraper.shelf import shelf
from lotto.scraper.sources.source import Page, PageNotYet, Reading, SourceError
from lotto.told import Told


def heard(catalogue: Catalogue, folder: Path, wanted: Collection[str], told: Told) -> dict[str, list[Observation]]:
    """Lottery → what every page of the folder says of its draws; the page of each is named as a file of the folder.

    A page that has nothing to tell yet says nothing. Raises BadCapture when a page is not what its source knows.
    """
    pages, sources = captures(folder), shelf()
    found: dict[str, list[Observation]] = defaultdict(list)
    for n, one in enumerate(pages):
        told("pages", n, len(pages))
        source, name = sources[one.source], _name(one.file, folder)
        try:
            yielded = list(source.read(Page(one.url, one.file.read_bytes(), one.at)))
        except PageNotYet:
            continue
        except (OSError, SourceError) as error:
            raise BadCapture(f"{one.file}: {error}") from None
        readings = (reading for reading in yielded if isinstance(reading, Reading))
        for lottery, observations in sort(catalogue, source, readings, name, one.at).ours.items():
            if lottery in wanted:
                found[lottery] += observations
    told("pages", len(pages), len(pages))
    return found


def _name(file: Path, folder: Path) -> str:
    """The file as it is named from the folder; one that lies elsewhere by its whole name."""
    return str(file.relative_to(folder)) if file.is_relative_to(folder) else str(file)
