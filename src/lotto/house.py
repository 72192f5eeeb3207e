"""The composition root: the only room that knows all the others, and the only maker of the clock.

API and site are imported where they are made: they take as long as all the rest, and most processes serve neither.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import httpx2
import structlog
from redis.asyncio import Redis
from starlette.types import ASGIApp

from lotto import catalogue
from lotto.account_book import AccountBook
from lotto.alerts import targets
from lotto.alerts.look import Look, look
from lotto.alerts.target import BadTarget, Target
from lotto.catalogue import Catalogue
from lotto.door import Door
from lotto.draws.draw import DrawKey, Status
from lotto.files import standing
from lotto.front import Front
from lotto.imaker.brand import Brand, read_logo
from lotto.imaker.encoder import PLAIN, Encoding
from lotto.imaker.renderer import Renderer
from lotto.imaker.service import Wanted
from lotto.ledger import queries
from lotto.ledger.alerts import Alert
from lotto.ledger.connection import Connection, Environment, Ledger, environment, prepare
from lotto.ledger.pulse import Pulse
from lotto.proof.note import Signer
from lotto.publisher.courier import Courier
from lotto.replay.clock import Follower
from lotto.replay.world import SOURCES
from lotto.report.figures import Report, gather
from lotto.report.verdict import Kind
from lotto.scraper import shelf
from lotto.scraper.service import Scraper, watched
from lotto.scraper.sources.source import Source
from lotto.seal import Seal
from lotto.settings import BadSetting, Settings
from lotto.store import Store
from lotto.streams.connect import connect
from lotto.vapid import Vapid
from lotto.watch import look as watch
from lotto.watch.state import Watched

if TYPE_CHECKING:
    from lotto.api.limits import Limits
    from lotto.api.views import Views

log = structlog.get_logger()

Clock = Callable[[], datetime]

ENROLLED: Final[Mapping[str, Sequence[str]]] = {
    "new_result": ("imaker",),
    "image_ready": ("publisher",),
    "card_wanted": ("imaker",),
    "card_ready": (),
}
"""Which groups must hear which stream: nothing is trimmed or settled before they have. Who asked for a card reads
in the ledger what became of it."""

LOOPBACK: Final = ("127.0.0.0/8", "localhost", "[::1]")
"""The hosts of this machine."""

USER_AGENT: Final = f"Lotto/{version('lotto')} (+https://github.com/lotto)"


def wall_clock() -> datetime:
    """What time it is."""
    return datetime.now(UTC)  # noqa: TID251 - the one place


@dataclass(frozen=True)
class Practice:
    """A practice world to live in: where its hosts are served, what time it is there, and how fast it runs."""

    url: str
    clock: Clock
    haste: float = 0.005
    beat: float = 0.2


class House:
    """Everything a process needs to be any of the services; each room is handed only what it may use."""

    def __init__(
        self,
        settings: Settings,
        *,
        database_url: str,
        redis_url: str,
        practice: Practice | None = None,
    ) -> None:
        self.settings = settings
        self.catalogue: Catalogue = catalogue.load(settings.catalogue_dir)
        self.accounts = AccountBook(settings, self.catalogue, wall_clock)
        self.sources: dict[str, Source] = shelf.shelf()
        if practice:
            # Whoever has no figures there would be asked in vain, and his lotteries would be late for ever.
            self.sources = {name: one for name, one in self.sources.items() if name in SOURCES}
            self.catalogue = self.catalogue.told_by(SOURCES)
        self.practice = practice
        self.environment: Environment = "practice" if practice else "live"
        self.world: Clock = practice.clock if practice else wall_clock
        self.database_url = database_url
        self.redis_url = redis_url

    def prepare(self) -> None:
        """Brings the ledger's schema to this code's."""
        prepare(self.database_url, self.environment)

    def ledger(self, service: str) -> Ledger:
        """A ledger for that service."""
        return Ledger(self.database_url, service, self.environment)

    def look(self, name: str) -> Ledger:
        """A ledger for someone who only looks, or writes nothing that practice and truth could mix in."""
        return Ledger(self.database_url, name, None)

    def store(self) -> Store:
        """The store of cards and pages."""
        return Store.open(self.settings.store, public=self.settings.cards_at)

    def door(self) -> Door:
        """The way out: to the internet, or to the practice world and nowhere else."""
        if self.practice is None:
            return Door(user_agent=USER_AGENT, clock=self.world, allow=self.settings.allow)
        hosts = {httpx2.URL(request).host for request in self._addresses()}
        return Door(
            user_agent=USER_AGENT,
            clock=self.world,
            reroute=dict.fromkeys(hosts, self.practice.url),
            closed=True,
            interval=0.0,
            attempts=1,
        )

    def networks_door(self, environment: Environment) -> Door:
        """The way out to networks: from a practice ledger to servers of this machine and nowhere else."""
        if environment == "live":
            return self.door()
        return Door(user_agent=USER_AGENT, clock=wall_clock, allow=[f"{host}:*" for host in LOOPBACK], closed=True)

    def webhooks_door(self, environment: Environment) -> Door:
        """The way out to webhooks of people we do not know: to the internet, never to what an operator allows us."""
        if environment == "live":
            return Door(user_agent=USER_AGENT, clock=wall_clock)
        return self.networks_door(environment)

    @asynccontextmanager
    async def courier(self, ledger: Ledger) -> AsyncIterator[Courier]:
        """A courier ready to bring webhooks what they want."""
        environment = ledger.environment
        async with self.networks_door(environment) as ours, self.webhooks_door(environment) as theirs:
            yield Courier(
                ledger,
                ours,
                theirs,
                Seal.made(self.settings.secret_key),
                self.catalogue.lotteries,
                self.catalogue.collections,
                wall_clock,
                worker=self.settings.worker,
                site=self.settings.address,
            )

    def cards_position(self) -> object:
        """What changes whenever the accounts file, looks or fonts do."""
        folders = [one for one in (self.settings.card_looks_dir, self.settings.card_fonts_dir) if one]
        return standing([self.settings.accounts, *sorted(file for one in folders for file in one.rglob("*"))])

    def renderer(self) -> Renderer:
        """What draws the cards of this house, with its brand, looks and fonts; raises BadSetting."""
        own = self.settings
        try:
            logo = read_logo(own.site_logo) if own.site_logo else None
            brand = Brand(own.site_name, logo, own.site_hue, own.site_chroma)
            renderer = Renderer(brand, own.card_looks_dir, own.card_fonts_dir)
            renderer.version(own.card_look)
        except (ValueError, OSError) as error:
            raise BadSetting(f"The cards cannot be drawn: {error}") from None
        return renderer

    def wanted(self) -> list[Wanted]:
        """The cards to draw of every result: those of the pages, and what accounts show beyond them.

        One card serves every account that shows that format, language and look, so it is a file that all of them take.
        """
        site = self.settings.card_look
        wanted = {(form, lang, site): PLAIN for lang in self.settings.card_langs for form in ("og", "square")}
        for entry in self.accounts.entries():
            if images := entry.network.images:
                place = (entry.facts.format, entry.facts.lang, entry.facts.look or site)
                wanted[place] = wanted.get(place, Encoding(images.media)).within(images.media, images.bytes)
        return [Wanted(form, lang, encoding, look) for (form, lang, look), encoding in wanted.items()]

    def watched(self) -> list[Watched]:
        """Every source of this world as the watch knows it, by name."""
        haste = self.practice.haste if self.practice else 1.0
        return [watched(source, haste) for _, source in sorted(self.sources.items())]

    async def sources_now(self, conn: Connection, world: datetime, only: str | None = None) -> watch.Look:
        """What the sources are up to at this moment of their world, or the one of that name.

        Whoever looks at a practice ledger from outside its world sees the sources of that world all the same.
        """
        sources, lotteries = self.watched(), self.catalogue.lotteries
        practice = await environment(conn) == "practice"
        if practice and self.practice is None:
            sources = [replace(one, pace=one.pace * Practice.haste) for one in sources if one.name in SOURCES]
            lotteries = self.catalogue.told_by(SOURCES).lotteries
        wanted = [one for one in sources if only in (None, one.name)]
        return await watch.look(conn, wanted, lotteries.values(), world, practice=practice)

    @asynccontextmanager
    async def scraper(self) -> AsyncIterator[Scraper]:
        """A scraper ready to work."""
        pace = self.practice
        async with self.ledger("scraper") as ledger, self.door() as door:
            yield Scraper(
                ledger,
                self.store(),
                door,
                self.catalogue,
                self.sources,
                self.world,
                beat=pace.beat if pace else 5.0,
                haste=pace.haste if pace else 1.0,
            )

    @asynccontextmanager
    async def api(self) -> AsyncIterator[ASGIApp]:
        """The API as an app."""
        from lotto.api.app import create_app
        from lotto.api.exports import Exports
        from lotto.api.live import Live
        from lotto.api.lookout import Lookout
        from lotto.api.room import Room
        from lotto.api.signature import Signature
        from lotto.api.site import Site

        async with (
            self.ledger("api") as ledger,
            Pulse.of(ledger) as pulse,
            queue(self.redis_url, "api") as redis,
            Live(ledger, redis).hearing() as live,
        ):
            yield create_app(
                Room(
                    ledger,
                    pulse,
                    self.store(),
                    redis,
                    live,
                    Exports(ledger),
                    self.catalogue,
                    Lookout(self.sources_now, self.world),
                    self.views(),
                    self.world,
                    wall_clock,
                    ENROLLED,
                    Site(self.settings.address, self.practice is not None, self.store().public_url),
                    self.limits(ledger, redis),
                    cache(lambda: Signer.read(self.settings.signing_key)),
                    cache(lambda: Signature.read(self.settings.secret_key)),
                    cache(lambda: Seal.read(self.settings.secret_key)),
                    cache(lambda: Vapid.read(self.settings.push_key)),
                )
            )

    def limits(self, ledger: Ledger, redis: Redis) -> "Limits":
        """How often the API may be asked, and with which keys oftener."""
        from lotto.api.keys import Keys
        from lotto.api.limits import Allowed, Limits, Tally

        own = self.settings
        allowed = Allowed(own.read_limit or None, own.check_limit or None, own.proxies)
        return Limits(allowed, Keys(ledger, wall_clock), Tally(redis, wall_clock))

    def views(self) -> "Views":
        """What turns what this house knows into what the world sees."""
        from lotto.api.views import Publisher, Views

        facts = {
            name: Publisher(one.publisher, one.official, one.origin, one.home) for name, one in self.sources.items()
        }
        return Views(self.catalogue, facts, self.store().public_url)

    @asynccontextmanager
    async def web(self, api: ASGIApp | str) -> AsyncIterator[ASGIApp]:
        """The site as an app, over an API in this process or at an address."""
        from lotto.web.app import create_app

        transport = None if isinstance(api, str) else httpx2.ASGITransport(app=api)
        base = api if isinstance(api, str) else "http://api"
        # Within one process nothing is gained by packing what is unpacked at once.
        headers = {} if isinstance(api, str) else {"Accept-Encoding": "identity"}
        if self.settings.api_key is not None:
            headers["Authorization"] = f"Bearer {self.settings.api_key.get_secret_value()}"
        async with httpx2.AsyncClient(transport=transport, base_url=base, trust_env=False, headers=headers) as client:
            yield create_app(
                client,
                self.world,
                practice=self.practice is not None,
                public_url=self.settings.address,
                cards_at=self.settings.store_public_url or "",
            )

    @asynccontextmanager
    async def site(self) -> AsyncIterator[ASGIApp]:
        """API and pages under one origin."""
        async with self.api() as api, self.web(api) as web:
            yield Front(api, web)

    async def report(self, world: datetime) -> Report:
        """How the house is at this moment, which is `world` in its world; changes nothing.

        Raises psycopg.OperationalError when the ledger is away.
        """
        async with self.look("status").glance() as conn, queue(self.redis_url, "status") as redis:
            return await gather(
                conn,
                redis,
                ENROLLED,
                lambda conn: self.sources_now(conn, world),
                wall_clock(),
                world,
            )

    async def trouble(self, known: Sequence[Alert]) -> Look | None:
        """What is in trouble now; `known` was before. None where newer code has changed the ledger."""
        world = self.world()
        report = await self.report(world)
        if report.schema != report.schema_wanted:
            return None
        async with self.look("alerts").glance() as conn:
            lotteries = self.catalogue.lotteries.values()
            practice = self.practice is not None
            standings = await watch.standings(conn, self.watched(), lotteries, world, practice=practice)
            held = list(report.held)
            # A draw is not over because the report, which looks back a few days, tells it no more.
            for one in known:
                if one.kind == Kind.HELD and one.about not in held:
                    draw = await queries.draw(conn, DrawKey.parse(one.about))
                    held += [one.about] if draw is not None and draw.status is Status.HELD else []
        return look(report, standings, held)

    def _addresses(self) -> set[str]:
        return {source.home for source in self.sources.values()}


def told(settings: Settings, door: Door) -> list[Target]:
    """Whom the operator wants told what needs a person; raises BadSetting."""
    try:
        return targets.read(
            settings.alerts,
            door,
            wall_clock,
            secret=settings.alerts_secret.get_secret_value() if settings.alerts_secret else None,
            smtp=settings.smtp_url.get_secret_value() if settings.smtp_url else None,
            sender=settings.alerts_from,
        )
    except BadTarget as error:
        raise BadSetting(str(error)) from None


def following(settings: Settings) -> Practice | None:
    """The practice world the settings name, if they do: for services run one by one in it."""
    if settings.practice_url is None:
        return None
    clock = settings.practice_clock or settings.data_dir / "world.json"
    return Practice(settings.practice_url, Follower(clock).now)


@asynccontextmanager
async def queue(url: str, name: str) -> AsyncIterator[Redis]:
    """The queue, for the service of that name."""
    redis = connect(url, f"lotto-{name}")
    try:
        yield redis
    finally:
        await redis.aclose()
