"""The site: which address shows which page."""

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from difflib import get_close_matches
from pathlib import Path

import httpx2
import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from lotto.asgi.compression import Compressed
from lotto.asgi.ready import Ready, Silent
from lotto.paths import lottery_path
from lotto.web.answers import DrawAnswer, LotteryAnswer
from lotto.web.asked import NoSuchPage, choice_of, words_of, words_or_guess
from lotto.web.assets import BUILT, Assets, Hashed
from lotto.web.board import board
from lotto.web.client import Api, Refused, Unknown, Unreachable
from lotto.web.colours import colours
from lotto.web.draw import draw_page
from lotto.web.finding import Finding
from lotto.web.islands import Islands
from lotto.web.latency import paces
from lotto.web.library import Library
from lotto.web.lottery import Stretch, lottery_page
from lotto.web.moments import UTC
from lotto.web.newsletter import Newsletter
from lotto.web.page import Pages, kept, reader_language
from lotto.web.safety import Safety
from lotto.web.sieve import Sieve
from lotto.web.sources import sources
from lotto.web.wall import TOLD, wall

log = structlog.get_logger()

HISTORY = 20
"""Draws on one page of a lottery's history."""

LOOKS = 5
"""So often the API is asked for one page of it: it looks at so many draws at a time, and few may pass a sieve."""

POSTS = 60
"""Posts on the wall."""

RETRY = 15
"""Seconds after which a page that could not be made is asked for again."""


class Site:
    """Answers the addresses, each in one language, out of the API."""

    def __init__(self, api: Api, pages: Pages) -> None:
        self._api = api
        self._pages = pages

    async def home(self, request: Request) -> Response:
        """Sends a reader to the board in their language."""
        return RedirectResponse(
            f"/{reader_language(request).lang}/", 302, {"vary": "accept-language, cookie", "cache-control": "no-cache"}
        )

    async def board(self, request: Request) -> Response:
        """Every lottery's newest result."""
        words = words_of(request)
        latest, collections = await asyncio.gather(self._api.latest(), self._api.collections())
        seen = board(words, latest, self._pages.now(), collections, choice_of(request))
        return self._pages.page(request, "board.html", words=words, board=seen)

    async def today(self, request: Request) -> Response:
        """The head of the board alone: the day as a line."""
        words = words_of(request)
        seen = board(words, await self._api.latest(), self._pages.now())
        return self._pages.page(request, "fragment/today.html", words=words, board=seen)

    async def card(self, request: Request) -> Response:
        """One card of the board alone, just as the board shows it."""
        words = words_of(request)
        wanted = request.path_params["lottery"]
        latest = [draw for draw in await self._api.latest() if draw.lottery == wanted]
        if not latest:
            raise NoSuchPage
        seen = board(words, latest, self._pages.now())
        return self._pages.page(request, "fragment/card.html", words=words, card=seen.cards[0])

    async def lottery(self, request: Request) -> Response:
        """One lottery with its history."""
        words, name = words_of(request), request.path_params["lottery"]
        cursor, sieve = request.query_params.get("cursor"), Sieve.read(request.query_params)
        answer, odds, stretch = await asyncio.gather(
            self._api.lottery(name), self._api.odds(name), self._stretch(name, cursor, sieve)
        )
        draws = stretch.draws
        if sieve.asked and not cursor:
            draws, _ = await self._api.draws(name, 1, None)
        newest = draws[0] if draws and not cursor else None
        seen = lottery_page(words, answer, newest, odds, sieve, stretch, self._pages.now())
        return self._pages.page(request, "lottery.html", words=words, seen=seen)

    async def _stretch(self, lottery: str, cursor: str | None, sieve: Sieve) -> Stretch:
        """Draws of that lottery that fall through, as many as a page holds or as few looks find."""
        found: list[DrawAnswer] = []
        older = cursor or None
        try:
            for _ in range(LOOKS):
                draws, older = await self._api.draws(lottery, HISTORY - len(found), older, sieve)
                found += draws
                if not older or len(found) == HISTORY:
                    break
        except Refused as error:
            return Stretch(refused=str(error))
        return Stretch(tuple(found), older, first=not cursor)

    async def draw(self, request: Request) -> Response:
        """One draw with its evidence."""
        words, asked = words_of(request), request.path_params
        key = (asked["lottery"], asked["date"], asked.get("label", ""))
        answer, latency = await asyncio.gather(self._api.draw(*key), self._api.latency(*key))
        seen = draw_page(words, answer, latency, self._pages.now())
        return self._pages.page(request, "draw.html", words=words, seen=seen)

    async def wall(self, request: Request) -> Response:
        """What went out to the networks."""
        words = words_of(request)
        now = self._pages.now()
        posts = wall(words, await self._api.posts(POSTS, TOLD), now)
        return self._pages.page(request, "wall.html", words=words, posts=posts, clock=words.time(now, UTC))

    async def sources(self, request: Request) -> Response:
        """Where the numbers come from."""
        words = words_of(request)
        answers, lotteries, measured = await asyncio.gather(
            self._api.sources(), self._api.lotteries(), self._api.paces()
        )
        rows = sources(words, answers, lotteries, self._pages.now())
        return self._pages.page(
            request, "sources.html", words=words, sources=rows, paces=paces(words, measured), draws=measured.draws
        )

    async def colours(self, request: Request) -> Response:
        """Every lottery's own colour."""
        return kept(request, colours(await self._api.lotteries()).encode(), "text/css; charset=utf-8")

    async def missing(self, request: Request, error: Exception) -> Response:
        """404, with the way to what may have been meant."""
        words = words_or_guess(request)
        try:
            lotteries: tuple[LotteryAnswer, ...] = await self._api.lotteries()
        except Unreachable:
            lotteries = ()
        asked = str(request.path_params.get("lottery", ""))
        known = next((one for one in lotteries if one.id == asked), None)
        close = get_close_matches(asked, [one.id for one in lotteries], n=3, cutoff=0.5) if asked else []
        return self._pages.page(
            request,
            "missing.html",
            status=404,
            words=words,
            asked=asked if isinstance(error, Unknown) else "",
            known=known,
            close=[one for one in lotteries if one.id in close],
            lotteries=lotteries,
            lottery_path=lottery_path,
        )

    async def unreachable(self, request: Request, error: Exception) -> Response:
        """503, when the API does not answer."""
        log.warning("page not made", path=request.url.path, why=str(error))
        words = words_or_guess(request)
        response = self._pages.page(request, "unreachable.html", status=503, words=words, retry=RETRY)
        response.headers["retry-after"] = str(RETRY)
        return response

    async def failed(self, request: Request, error: Exception) -> Response:
        """500: a fault of ours."""
        log.error("page failed", path=request.url.path, why=repr(error))
        return self._pages.page(request, "failed.html", status=500, words=words_or_guess(request))


def create_app(
    api: httpx2.AsyncClient,
    clock: Callable[[], dt.datetime],
    *,
    practice: bool,
    public_url: str,
    cards_at: str = "",
    built: Path = BUILT,
) -> ASGIApp:
    """The site as an ASGI app.

    `api` reaches the API over HTTP or in this process (its transport decides), `clock` tells the instant pages are
    made for, `practice` marks every page as practice, `public_url` is the origin people know, `cards_at` the
    address of a store that serves the cards itself. Raises NotBuilt when the frontend is not built.
    """
    asked = Api(api)
    pages = Pages(clock, practice=practice, public_url=public_url, assets=Assets.read(built))
    site = Site(asked, pages)

    def get(path: str, page: Callable[[Request], Awaitable[Response]]) -> Route:
        return Route(path, page, methods=["GET"])

    app = Starlette(
        routes=[
            get("/", site.home),
            Mount("/static", Hashed(directory=built)),
            get("/lotteries.css", site.colours),
            *Finding(asked, public_url).routes(),
            *Islands(asked, pages, built, cards_at).routes(),
            get("/{lang}", _to_board),
            get("/{lang}/", site.board),
            get("/{lang}/wall", site.wall),
            get("/{lang}/sources", site.sources),
            *Library(asked, pages).routes(),
            *Newsletter(asked, pages).routes(),
            get("/{lang}/fragment/today", site.today),
            get("/{lang}/fragment/card/{lottery}", site.card),
            get("/{lang}/{lottery}", site.lottery),
            get("/{lang}/{lottery}/{date}", site.draw),
            get("/{lang}/{lottery}/{date}/{label}", site.draw),
        ],
        exception_handlers={
            404: site.missing,
            NoSuchPage: site.missing,
            Unknown: site.missing,
            Unreachable: site.unreachable,
            500: site.failed,
        },
    )
    safe = Safety(app, https=public_url.startswith("https:"), cards_at=cards_at)
    return Ready(Compressed(safe), Silent())


async def _to_board(request: Request) -> Response:
    return RedirectResponse(f"/{words_of(request).lang}/", 308)
