"""The shelf of sources: every file beside the contract, and every package that adds one by entry point."""

import re
from collections.abc import Iterator
from types import ModuleType
from urllib.parse import urlsplit

from lotto.scraper import sources
from lotto.scraper.sources.source import Source
from lotto.shelf import BadShelf, standing


def shelf(package: ModuleType = sources) -> dict[str, Source]:
    """Every source by its name, which is its file's; raises BadShelf at the first that is not in order."""
    return {name: _source(name, kind) for name, kind in standing(package, Source).items()}


def for_url(url: str) -> Source:
    """The source whose pages come from that address's host; raises BadShelf when it is none's, or several's."""
    host = _host(url)
    serving = {name: one for name, one in shelf().items() if host in map(_host, _addresses(one))}
    if len(serving) == 1:
        return next(iter(serving.values()))
    if serving:
        raise BadShelf(f"{', '.join(serving)} all have pages at “{host}”; say which source it is.")
    raise BadShelf(f"No source has pages at “{host or url}”; the sources are {', '.join(shelf())}.")


def _source(name: str, kind: type[Source]) -> Source:
    """The source of that file, named and with all its facts."""
    source = kind()
    source.name = name
    if fault := next(_faults(source), ""):
        raise BadShelf(f"{kind.__module__}: {fault}")
    return source


def _faults(source: Source) -> Iterator[str]:
    """What is wrong with its facts, a sentence each; the next one is asked for when this one is mended."""
    if not re.fullmatch("[a-z]{2}_[a-z0-9_]+", source.name):
        yield f"“{source.name}” is not the name of a source; it is the country's two letters, _ and who publishes."
    for fact in ("home", "publisher", "origin"):
        if not isinstance(told := getattr(source, fact, None), str) or not told.strip():
            yield f"The source does not say its {fact}."
    if not isinstance(getattr(source, "official", None), bool):
        yield "The source does not say whether it is official."
    for address in _addresses(source):
        if not re.match("https?://", address) or not _host(address):
            yield f"“{address}” is not an address; a home is written with https:// and a host, a host without."
    if not source.pace > 0 or source.parser < 1:
        yield "The pace is more than 0 seconds, and parsers are counted from 1."
    for method in ("pages", "read"):
        if getattr(type(source), method) is getattr(Source, method):
            yield f"The source has no method {method}."


def _addresses(source: Source) -> list[str]:
    return [source.home, *(f"https://{host}" for host in source.hosts)]


def _host(url: str) -> str:
    """The host of an address, `www.` left out; empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""
