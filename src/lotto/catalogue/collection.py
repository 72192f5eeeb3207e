"""A collection: a named set of lotteries, shown and followed together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from lotto.catalogue.document import Document
from lotto.catalogue.form import CollectionForm
from lotto.draws.lottery import Lottery


@dataclass(frozen=True)
class Collection:
    """Lotteries in the order they are shown."""

    id: str
    name: str
    lotteries: tuple[str, ...]


def collection(document: Document, lotteries: Mapping[str, Lottery]) -> Collection:
    """The collection a file describes; raises BadFile, also for a lottery that is not among `lotteries`.

    Those picked by hand come first and in their order, then those of the query by name.
    """
    form = document.typed(document.data, CollectionForm, ())
    for place, lottery in enumerate(form.lotteries):
        if lottery not in lotteries:
            raise document.bad(("lotteries", place), f"There is no lottery “{lottery}”; write the name of its file.")
        if lottery in form.lotteries[:place]:
            raise document.bad(("lotteries", place), f"“{lottery}” stands here twice.")
    asked = _asked(form)
    if not form.lotteries and not asked:
        raise document.bad((), "This collection is empty; list `lotteries`, or ask for a country, operator or ids.")
    found = [one for one in lotteries.values() if asked and all(answers(one) for answers in asked)]
    if asked and not found:
        raise document.bad((), "No lottery answers to this query; look at its country, region, operator and ids.")
    found.sort(key=lambda one: (one.name, one.id))
    return Collection(document.id, form.name, tuple(dict.fromkeys([*form.lotteries, *(one.id for one in found)])))


def _asked(form: CollectionForm) -> list[Callable[[Lottery], bool]]:
    """What a lottery must answer to, all of it; nothing where the collection is picked by hand."""
    asked: list[Callable[[Lottery], bool]] = []
    if form.country is not None:
        countries = [form.country] if isinstance(form.country, str) else form.country
        asked.append(lambda one: one.country in countries)
    if form.region is not None:
        asked.append(lambda one: one.region == form.region)
    if form.operator is not None:
        asked.append(lambda one: one.operator == form.operator)
    if form.ids:
        asked.append(lambda one: any(fnmatchcase(one.id, pattern) for pattern in form.ids))
    return asked
