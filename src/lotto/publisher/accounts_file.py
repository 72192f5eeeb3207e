"""The accounts file: which accounts we have, what their networks must know, and what each is to post.

No secret stands in it: credentials are kept sealed in the ledger. When an account tells what it tells is read by
`lotto.publisher.schedule`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import msgspec

from lotto.catalogue import Catalogue
from lotto.catalogue.document import Document
from lotto.catalogue.form import Table
from lotto.draws.draw import Status
from lotto.publisher import networks, schedule
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Facts, Network, Outside
from lotto.publisher.schedule import Schedule
from lotto.publisher.template import BadTemplate, Template, Templates
from lotto.shelf import standing
from lotto.words import LANGUAGES

UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Known:
    """What an account may name beside the catalogue: sizes and looks of cards, and the operator's templates."""

    formats: Collection[str]
    looks: Collection[str] = ()
    templates: Templates | None = None


@dataclass(frozen=True)
class Entry:
    """An account as the file tells it, checked; nothing is opened yet."""

    name: str
    network: type[Network]
    facts: Facts
    lotteries: Collection[str] = ()
    statuses: Collection[Status] = Account.statuses
    age_limit: timedelta | None = None
    schedule: Schedule = field(default_factory=Schedule)
    template: Template | None = None
    title: str = ""
    """Of the one collection that it tells; empty where it tells several, or others besides."""

    def lacks(self, secrets: Mapping[str, str]) -> str:
        """What somebody must do before it can post with these credentials, a sentence; empty when it can."""
        missing = self.missing(secrets)
        return f"It has no {' and no '.join(missing)}; `lotto account add {self.name}` asks for it." if missing else ""

    def missing(self, secrets: Mapping[str, str]) -> list[str]:
        """The credentials without which it cannot post and that are not among these."""
        return [name for name in self.network.credentials if not (secrets.get(name) or name in self.network.optional)]

    def open(self, secrets: Mapping[str, str], outside: Outside) -> Account:
        """The account at work, or waiting for what it lacks."""
        return Account(
            self.name,
            self.facts.open(self.name, dict.fromkeys(self.network.credentials, "") | dict(secrets), outside),
            self.facts.lang,
            self.facts.format,
            self.lotteries,
            self.statuses,
            self.age_limit,
            self.lacks(secrets),
            self.facts.minimum_jackpot,
            self.facts.look,
            self.template,
            self.schedule.when,
            self.schedule.quiet,
            self.schedule.rate,
            self.title,
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    accounts: dict[str, Table]


def read(file: Path, catalogue: Catalogue, known: Known) -> list[Entry]:
    """The accounts of that file, in its order; raises BadFile with the line of the first thing that cannot be."""
    document = Document(file)
    whole = document.typed(document.data, _File, ())
    shelf = standing(networks, Network)
    return [_entry(document, name, table, shelf, catalogue, known) for name, table in whole.accounts.items()]


def _entry(
    document: Document, name: str, table: Table, shelf: Mapping[str, type[Network]], catalogue: Catalogue, known: Known
) -> Entry:
    path: Place = ("accounts", name)
    network = table.get("network")
    if network is None:
        raise document.bad(path, "`network` is missing here; add it.")
    if network not in shelf:
        raise document.bad((*path, "network"), f"There is no network “{network}”; the networks are {', '.join(shelf)}.")
    facts = document.typed(table, shelf[network].facts, path)
    for key, sentence in _faults(facts, shelf[network]):
        raise document.bad((*path, key), sentence)
    for key, given, among in _choices(facts, catalogue, known):
        for place, one in enumerate(given):
            if one not in among:
                where = (*path, key, place) if isinstance(getattr(facts, key), list) else (*path, key)
                raise document.bad(where, f"`{key}` cannot be “{one}”; there are {', '.join(map(str, among))}.")
    try:
        template = known.templates.read(facts.template) if facts.template and known.templates else None
    except BadTemplate as error:
        raise document.bad((*path, "template"), str(error)) from error
    try:
        timed = schedule.read(facts)
    except schedule.BadKey as error:
        raise document.bad((*path, error.key), str(error)) from None
    return Entry(
        name,
        shelf[network],
        facts,
        _lotteries(facts, catalogue),
        tuple(map(Status, facts.statuses)) or Account.statuses,
        _age(document, facts.age_limit, (*path, "age_limit")),
        timed,
        template,
        _title(facts, catalogue),
    )


def _faults(facts: Facts, network: type[Network]) -> Iterator[tuple[str, str]]:
    """What cannot be of any account: the key, and a sentence."""
    yield from facts.faults()
    for currency, least in facts.minimum_jackpot.items():
        if not (currency.isascii() and currency.isalpha() and currency.isupper() and len(currency) == 3):
            yield "minimum_jackpot", f"“{currency}” is no currency; write it like {{ USD = 100_000_000 }}."
        if not least.is_finite() or least <= Decimal(0):
            yield "minimum_jackpot", f"A jackpot of {least} {currency} is none; write it like {{ USD = 100_000_000 }}."
    if network.pictures_only and (facts.when != "at_once" or facts.age_limit):
        key = "when" if facts.when != "at_once" else "age_limit"
        why = f"`{key}` makes digests, which may go without a picture, and {facts.network} takes no post without one."
        yield key, why


def _choices(facts: Facts, catalogue: Catalogue, known: Known) -> list[tuple[str, Sequence[str], Collection[str]]]:
    """What of an account is one of several: the key, what it says, and what there is."""
    countries = dict.fromkeys(sorted(one.country for one in catalogue.lotteries.values()))
    return [
        ("lang", [facts.lang], LANGUAGES),
        ("format", [facts.format], known.formats),
        ("look", [facts.look] if facts.look else [], known.looks),
        ("lotteries", facts.lotteries, catalogue.lotteries),
        ("collections", facts.collections, catalogue.collections),
        ("countries", facts.countries, countries),
        ("statuses", facts.statuses, (Status.PARTIAL, Status.PROVISIONAL, Status.CONFIRMED)),
    ]


def _lotteries(facts: Facts, catalogue: Catalogue) -> Collection[str]:
    """Every lottery that it names, by itself, by a collection or by a country; empty where it names none."""
    collected = (lottery for one in facts.collections for lottery in catalogue.collections[one].lotteries)
    theirs = (one.id for one in catalogue.lotteries.values() if one.country in facts.countries)
    return frozenset([*facts.lotteries, *collected, *theirs])


def _title(facts: Facts, catalogue: Catalogue) -> str:
    alone = len(facts.collections) == 1 and not facts.lotteries and not facts.countries
    return catalogue.collections[facts.collections[0]].name if alone else ""


def _age(document: Document, said: str, path: Place) -> timedelta | None:
    if not said:
        return None
    number, unit = said[:-1], UNITS.get(said[-1])
    if unit is None or not (number.isascii() and number.isdigit() and 0 < int(number) < 10_000):
        raise document.bad(path, f"`age_limit` cannot be “{said}”; write it like 90m, 6h or 2d.")
    return timedelta(**{unit: int(number)})
