"""The accounts file: which accounts we have, what their networks must know, and what each is to post.

No secret stands in it: credentials are kept sealed in the ledger.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec

from lotto.catalogue import Catalogue
from lotto.catalogue.document import Document
from lotto.catalogue.form import Table
from lotto.draws.draw import Status
from lotto.publisher import networks
from lotto.publisher.accounts import Account
from lotto.publisher.networks.network import Facts, Network, Outside
from lotto.shelf import standing
from lotto.words import LANGUAGES

UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Entry:
    """An account as the file tells it, checked; nothing is opened yet."""

    name: str
    network: type[Network]
    facts: Facts
    lotteries: Collection[str]
    statuses: Collection[Status]
    age_limit: timedelta | None

    def lacks(self, secrets: Mapping[str, str]) -> str:
        """What somebody must do before it can post with these credentials, a sentence; empty when it can."""
        missing = [name for name in self.network.credentials if not secrets.get(name)]
        if not missing:
            return ""
        return f"It has no {' and no '.join(missing)}; `lotto account add {self.name}` asks for it."

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
        )


class _File(msgspec.Struct, forbid_unknown_fields=True):
    """The whole file."""

    accounts: dict[str, Table]


def read(file: Path, catalogue: Catalogue, formats: Iterable[str]) -> list[Entry]:
    """The accounts of that file, in its order; raises BadFile with the line of the first thing that cannot be."""
    document = Document(file)
    whole = document.typed(document.data, _File, ())
    shelf = standing(networks, Network)
    return [_entry(document, name, table, shelf, catalogue, tuple(formats)) for name, table in whole.accounts.items()]


def _entry(
    document: Document,
    name: str,
    table: Table,
    shelf: Mapping[str, type[Network]],
    catalogue: Catalogue,
    formats: tuple[str, ...],
) -> Entry:
    path = ("accounts", name)
    network = table.get("network")
    if network is None:
        raise document.bad(path, "`network` is missing here; add it.")
    if network not in shelf:
        raise document.bad((*path, "network"), f"There is no network “{network}”; the networks are {', '.join(shelf)}.")
    facts = document.typed(table, shelf[network].facts, path)
    for key, sentence in facts.faults():
        raise document.bad((*path, key), sentence)
    for key, given, known in (
        ("lang", [facts.lang], LANGUAGES),
        ("format", [facts.format], formats),
        ("lotteries", facts.lotteries, catalogue.lotteries),
        ("collections", facts.collections, catalogue.collections),
        ("statuses", facts.statuses, (Status.PARTIAL, Status.PROVISIONAL, Status.CONFIRMED)),
    ):
        for place, one in enumerate(given):
            if one not in known:
                where = (*path, key, place) if isinstance(getattr(facts, key), list) else (*path, key)
                raise document.bad(where, f"`{key}` cannot be “{one}”; there are {', '.join(map(str, known))}.")
    collected = (lottery for one in facts.collections for lottery in catalogue.collections[one].lotteries)
    return Entry(
        name,
        shelf[network],
        facts,
        frozenset([*facts.lotteries, *collected]),
        tuple(map(Status, facts.statuses)) or Account.statuses,
        _age(document, facts.age_limit, (*path, "age_limit")),
    )


def _age(document: Document, said: str, path: tuple[str | int, ...]) -> timedelta | None:
    if not said:
        return None
    number, unit = said[:-1], UNITS.get(said[-1])
    if unit is None or not (number.isascii() and number.isdigit() and 0 < int(number) < 10_000):
        raise document.bad(path, f"`age_limit` cannot be “{said}”; write it like 90m, 6h or 2d.")
    return timedelta(**{unit: int(number)})
