"""From what the house knows to what the world sees."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from lotto.api import schemas
from lotto.catalogue import Catalogue
from lotto.catalogue import Collection as HouseCollection
from lotto.draws import odds
from lotto.draws.calendar import Slot
from lotto.draws.checking import Checked
from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Numbers, Ruling, Seen, Status
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Pool
from lotto.draws.prizes import Tier
from lotto.events import Card
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


def summary(lottery: Lottery) -> schemas.LotterySummary:
    """A lottery as lists and draws name it."""
    return schemas.LotterySummary(**_named(lottery))


def lottery(one: Lottery, now: datetime) -> schemas.Lottery:
    """A lottery with the history of its rules and its next draw."""
    return schemas.Lottery(
        **_named(one),
        eras=[_era(era) for era in one.eras],
        sources=list(one.sources),
        next_draw=next_draw(one, now),
    )


def next_draw(one: Lottery, now: datetime) -> schemas.NextDraw | None:
    """The first draw the calendar foresees from now."""
    found = one.next_draw(now)
    if found is None:
        return None
    at, key = found
    return schemas.NextDraw(date=key.date, label=key.label, drawn_at=at.astimezone(UTC))


def checked(lottery: Lottery, found: Checked) -> schemas.Checked:
    """What lines won."""
    return schemas.Checked(
        lottery=lottery.id,
        draws=found.draws,
        unplayable=found.unplayable,
        won=[
            schemas.Won(
                date=one.draw.key.date,
                label=one.draw.key.label,
                line=one.line,
                tier=one.win.tier.name,
                count=one.win.lines,
                prize=_money(one.prize),
            )
            for one in found.found
        ],
    )


def pools(one: Lottery, key: DrawKey) -> list[schemas.Pool]:
    """The pools in force at that draw."""
    era = one.era(key.date)
    return [_pool(pool) for pool in era.pools] if era else []


class Views:
    """Builds what the API answers, given the catalogue, the facts of the sources and how a card's key is an address."""

    def __init__(
        self, catalogue: Catalogue, publishers: Mapping[str, Publisher], card_url: Callable[[str], str]
    ) -> None:
        self._catalogue = catalogue
        self._publishers = publishers
        self._card_url = card_url

    def draw(self, one: Draw, cards: Iterable[Card]) -> schemas.Draw:
        """One draw."""
        return schemas.Draw(**self._draw(one, cards))

    def latest(self, one: Draw, cards: Iterable[Card], now: datetime) -> schemas.LatestDraw:
        """The newest draw of a lottery, with what a board needs around it."""
        game = self._catalogue.lotteries[one.key.lottery]
        return schemas.LatestDraw(
            **self._draw(one, cards), game=summary(game), pools=pools(game, one.key), next_draw=next_draw(game, now)
        )

    def detail(
        self,
        one: Draw,
        cards: Iterable[Card],
        history: Sequence[Link],
        around: tuple[DrawKey | None, DrawKey | None],
    ) -> schemas.DrawDetail:
        """One draw with its rules, its history and its neighbours."""
        game = self._catalogue.lotteries[one.key.lottery]
        return schemas.DrawDetail(
            **self._draw(one, cards),
            game=summary(game),
            pools=pools(game, one.key),
            revisions=[_revision(link) for link in reversed(history)],
            decisions=[_decision(ruling) for ruling in reversed(_rulings(history))],
            previous=_place(around[0]),
            next=_place(around[1]),
        )

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
        name = one.source.name
        facts, worst = self._publishers[name], one.worst
        return schemas.Source(
            id=name,
            publisher=facts.publisher,
            official=facts.official,
            origin=facts.origin,
            home=facts.home,
            lotteries=[lottery.id for lottery in self._catalogue.lotteries.values() if name in lottery.sources],
            state=worst.state.value,
            since=worst.since,
            why=worst.why,
            standings=[
                schemas.Standing(state=some.state.value, since=some.since, why=some.why, lottery=some.lottery)
                for some in one.standings
            ],
            asked_at=last.asked_at if last else None,
            next_at=one.next_at,
            outcome=last.outcome if last else None,
            note=last.note if last else "",
        )

    def collection(self, one: HouseCollection) -> schemas.Collection:
        """A named set of lotteries."""
        return schemas.Collection(id=one.id, name=one.name, lotteries=list(one.lotteries))

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
            "decision": _decision(one.ruling) if one.ruling else None,
            "numbers": _lists(one.numbers),
            "drawn": _lists(one.drawn),
            "seen": _lists(one.seen),
            "replaces": _lists(one.replaces),
            "prizes": [
                schemas.Prize(tier=prize.tier, winners=prize.winners, amount=_money(prize.amount))
                for prize in one.prizes
            ],
            "jackpot": _money(one.jackpot),
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


def _named(one: Lottery) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "country": one.country,
        "region": one.region,
        "operator": one.operator,
        "zone": one.zone.key,
        "currency": one.currency,
        "language": one.language,
        "hue": one.hue,
        "chroma": one.chroma,
    }


def _era(one: Era) -> schemas.Era:
    return schemas.Era(
        starts_on=one.starts_on,
        pools=[_pool(pool) for pool in one.pools],
        calendar=[_slot(slot) for slot in one.calendar],
        any_day=one.any_day,
        tiers=[_tier(one, tier) for tier in one.tiers],
    )


def _slot(one: Slot) -> schemas.Slot:
    return schemas.Slot(
        label=one.label,
        at=one.at.isoformat("minutes"),
        days=sorted(one.days),
        dates=sorted(one.dates),
        every=one.every,
        until=one.until.isoformat("minutes") if one.every else "",
    )


def _tier(era: Era, one: Tier) -> schemas.Tier:
    one_in: Fraction | None
    try:
        one_in = odds.one_in(odds.chance(era, one))
    except ValueError:
        # A tier that no count of ours can tell is shown without its odds.
        one_in = None
    return schemas.Tier(
        name=one.name,
        match={pool: list(counts) for pool, counts in one.match.items()},
        pick=dict(one.pick),
        pays=one.pays,
        one_in=round(Decimal(one_in.numerator) / one_in.denominator, 2) if one_in else None,
    )


def _pool(one: Pool) -> schemas.Pool:
    return schemas.Pool(
        name=one.name,
        title=one.title,
        take=one.take,
        fewest=one.fewest,
        kind=one.kind.value,
        shape=one.shape.value,
        lowest=one.lowest,
        highest=one.highest,
        words=dict(one.words),
        written=one.written,
        ordered=one.ordered,
        repeats=one.repeats,
        optional=one.optional,
        rest_of=one.rest_of,
        among=one.among,
    )


def _revision(link: Link) -> schemas.Revision:
    draw = link.draw
    return schemas.Revision(
        revision=draw.revision,
        update=draw.update,
        status=draw.status.value,
        reason=draw.reason,
        numbers={pool: list(values) for pool, values in draw.numbers.items()},
        updated_at=draw.updated_at or draw.drawn_at,
        hash=link.hash,
        previous_hash=link.previous_hash,
    )


def _rulings(history: Sequence[Link]) -> list[Ruling]:
    """Every person's word of a draw's history, oldest first: each stands in all results until the next."""
    found: list[Ruling] = []
    for link in history:
        if link.draw.ruling is not None and link.draw.ruling != (found[-1] if found else None):
            found.append(link.draw.ruling)
    return found


def _decision(one: Ruling) -> schemas.Decision:
    return schemas.Decision(kind=one.kind.value, at=one.at, reason=one.reason)


def _place(key: DrawKey | None) -> str | None:
    return None if key is None else "/".join(filter(None, (key.date.isoformat(), key.label)))


def _lists(numbers: Numbers | Seen) -> dict[str, list[int | str | None]]:
    return {pool: list(values) for pool, values in numbers.items()}


def _money(one: Money | None) -> schemas.Money | None:
    return schemas.Money(amount=one.amount, currency=one.currency) if one else None
