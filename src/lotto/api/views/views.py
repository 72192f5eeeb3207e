"""What the API answers of draws, posts, sources and collections: all that asks for the facts of sources and cards."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lotto.api import schemas
from lotto.api.views.history import decision, place, revision, rulings
from lotto.api.views.lottery import next_draw, pools, summary
from lotto.api.views.money import money
from lotto.catalogue import Catalogue, Collection
from lotto.draws.draw import Draw, DrawKey, Evidence, Numbers, Seen, Status
from lotto.events import Card
from lotto.ledger.detail import Detail
from lotto.ledger.fetches import Fetch
from lotto.ledger.posts import Post
from lotto.ledger.queries import Link
from lotto.watch.look import Outlook

CLOSED = frozenset({Status.SCHEDULED, Status.PARTIAL})
"""While a draw stands so, what a source shows of it is nobody's business yet."""


@dataclass(frozen=True)
class Publisher:
    """What is known of a source beside its pages. Facts only: the api asks nobody."""

    publisher: str
    official: bool
    origin: str
    home: str


class Views:
    """Builds what the API answers, given the catalogue, the facts of the sources and how a card's key is an address."""

    def __init__(
        self, catalogue: Catalogue, publishers: Mapping[str, Publisher], card_url: Callable[[str], str]
    ) -> None:
        self._catalogue = catalogue
        self._publishers = publishers
        self._card_url = card_url
        self._games = {game.id: summary(game) for game in catalogue.lotteries.values()}
        self._pools = {
            (game.id, era.starts_on): pools(era) for game in catalogue.lotteries.values() for era in game.eras
        }

    def draw(self, one: Draw, cards: Iterable[Card]) -> schemas.Draw:
        """One draw."""
        return schemas.Draw(**self._draw(one, cards))

    def latest(self, one: Draw, cards: Iterable[Card], now: datetime) -> schemas.LatestDraw:
        """The newest draw of a lottery, with what a board needs around it."""
        game = self._catalogue.lotteries[one.key.lottery]
        return schemas.LatestDraw(**self._draw(one, cards), **self._around(one.key), next_draw=next_draw(game, now))

    def detail(self, held: Detail) -> schemas.DrawDetail:
        """One draw with its rules, its history and its neighbours."""
        return schemas.DrawDetail(
            **self._draw(held.draw, held.cards),
            **self._around(held.draw.key),
            revisions=self.revisions(held.history),
            decisions=[decision(ruling) for ruling in reversed(rulings(held.history))],
            previous=place(held.before),
            next=place(held.after),
        )

    def revisions(self, history: Sequence[Link]) -> list[schemas.Revision]:
        """Everything we ever held of a draw, newest first."""
        return [revision(link) for link in reversed(history)]

    def post(self, one: Post) -> schemas.Post:
        """What was published to a network."""
        return schemas.Post(
            account=one.account,
            network=one.network,
            lottery=one.key.lottery,
            date=one.key.date,
            label=one.key.label,
            revision=one.revision,
            kind=one.kind,
            state=one.state,
            url=one.url,
            text=one.text,
            image=self._card_url(one.image) if one.image else None,
            alt=one.alt,
            sent_at=one.sent_at,
            tells=one.tells,
            folded_into=str(one.carrier) if one.carrier else None,
        )

    def source(self, one: Outlook, last: Fetch | None) -> schemas.Source:
        """Where results come from, what it is up to, and how it last went."""
        return schemas.Source(**self._source(one, last))

    def asked(self, one: Outlook, asks: Sequence[Fetch]) -> schemas.SourceDetail:
        """A source with how it was asked, newest first."""
        told = [schemas.Ask(**{name: getattr(ask, name) for name in schemas.Ask.model_fields}) for ask in asks]
        return schemas.SourceDetail(**self._source(one, asks[0] if asks else None), asks=told)

    def _source(self, one: Outlook, last: Fetch | None) -> dict[str, Any]:
        name = one.source.name
        facts, worst = self._publishers[name], one.worst
        return {
            "id": name,
            "publisher": facts.publisher,
            "official": facts.official,
            "origin": facts.origin,
            "home": facts.home,
            "lotteries": [lottery.id for lottery in self._catalogue.lotteries.values() if name in lottery.sources],
            "state": worst.state.value,
            "since": worst.since,
            "why": worst.why,
            "standings": [
                schemas.Standing(state=some.state.value, since=some.since, why=some.why, lottery=some.lottery)
                for some in one.standings
            ],
            "asked_at": last.asked_at if last else None,
            "next_at": one.next_at,
            "outcome": last.outcome if last else None,
            "note": last.note if last else "",
        }

    def collection(self, one: Collection) -> schemas.Collection:
        """A named set of lotteries."""
        return schemas.Collection(id=one.id, name=one.name, lotteries=list(one.lotteries))

    def _around(self, key: DrawKey) -> dict[str, Any]:
        """Its lottery and the pools in force at that draw."""
        era = self._catalogue.lotteries[key.lottery].era(key.date)
        return {"game": self._games[key.lottery], "pools": self._pools[key.lottery, era.starts_on] if era else []}

    def _draw(self, one: Draw, cards: Iterable[Card]) -> dict[str, Any]:
        return {
            "lottery": one.key.lottery,
            "date": one.key.date,
            "label": one.key.label,
            "serial": one.serial,
            "drawn_at": one.drawn_at,
            "status": one.status.value,
            "revision": one.revision,
            "update": one.update,
            "reason": one.reason,
            "decision": decision(one.ruling) if one.ruling else None,
            "numbers": _lists(one.numbers),
            "drawn": _lists(one.drawn),
            "seen": _lists(one.seen),
            "replaces": _lists(one.replaces),
            "prizes": [
                schemas.Prize(tier=prize.tier, winners=prize.winners, amount=money(prize.amount))
                for prize in one.prizes
            ],
            "jackpot": money(one.jackpot),
            "sources": [self._evidence(source, _is_open(one)) for source in one.sources],
            "cards": [self._card(card) for card in cards],
            "observed_at": one.observed_at,
            "decided_at": one.decided_at,
            "updated_at": one.updated_at,
        }

    def _evidence(self, one: Evidence, is_open: bool) -> schemas.Evidence:
        facts = self._publishers.get(one.source)
        return schemas.Evidence(
            source=one.source,
            publisher=facts.publisher if facts else one.source,
            official=one.official,
            origin=one.origin,
            home=facts.home if facts else "",
            numbers=_lists(one.numbers) if is_open else {},
            agrees=one.agrees,
            objections=list(one.objections),
            observed_at=one.observed_at,
            sha256=one.page,
        )

    def _card(self, one: Card) -> schemas.Card:
        return schemas.Card(
            format=one.format,
            lang=one.lang,
            url=self._card_url(one.key),
            alt=one.alt,
            width=one.width,
            height=one.height,
        )


def _is_open(one: Draw) -> bool:
    """What its sources show may be seen: it is published, or it is held and they dispute it. A lone voice is not."""
    return bool(one.revision) or (one.status not in CLOSED and len({source.origin for source in one.sources}) > 1)


def _lists(numbers: Numbers | Seen) -> dict[str, list[int | str | None]]:
    return {pool: list(values) for pool, values in numbers.items()}
