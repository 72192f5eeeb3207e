"""The pages beside the results: statistics, collections, calendar, search, the wall display, and about the house."""

import asyncio
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lotto.web.answers import HitAnswer
from lotto.web.asked import NoSuchPage, choice_of, words_of
from lotto.web.board import board
from lotto.web.calendar import calendar, reach
from lotto.web.choice import Choice
from lotto.web.client import Api, Refused
from lotto.web.collections import shelves
from lotto.web.page import Pages
from lotto.web.search import found, question
from lotto.web.sieve import is_day
from lotto.web.statistics import figures, spans

FOUND = 50
"""What one page of a search holds."""


class Library:
    """Answers their addresses, each in one language, out of the API."""

    def __init__(self, api: Api, pages: Pages) -> None:
        self._api = api
        self._pages = pages

    def routes(self) -> Iterator[Route]:
        """Its addresses, to stand before that of a lottery."""
        for path, page in (
            ("/{lang}/collections", self.collections),
            ("/{lang}/collections/{collection}", self.collection),
            ("/{lang}/calendar", self.calendar),
            ("/{lang}/search", self.search),
            ("/{lang}/display", self.display),
            ("/{lang}/about", self.about),
            ("/{lang}/developers", self.developers),
            ("/{lang}/{lottery}/statistics", self.statistics),
        ):
            yield Route(path, page, methods=["GET"])

    async def statistics(self, request: Request) -> Response:
        """The figures of a lottery in a span of days; of one that is none, why, and those of today's rules."""
        words, name = words_of(request), request.path_params["lottery"]
        span = {end: day for end in ("from", "to") if (day := request.query_params.get(end, "").strip())}
        refused = ""
        lottery, told = await asyncio.gather(
            self._api.lottery(name), self._api.statistics(name, span), return_exceptions=True
        )
        if isinstance(lottery, BaseException):
            raise lottery
        if isinstance(told, Refused) and span:
            refused, told = str(told), await self._api.statistics(name, {})
        if isinstance(told, BaseException):
            raise told
        seen = figures(words, told)
        return self._pages.page(
            request,
            "statistics.html",
            words=words,
            lottery=lottery,
            seen=seen,
            spans=spans(words, lottery, seen.since),
            asked={end: day for end, day in span.items() if is_day(day)},
            refused=refused,
        )

    async def collections(self, request: Request) -> Response:
        """Every collection."""
        words = words_of(request)
        collections, lotteries = await asyncio.gather(self._api.collections(), self._api.lotteries())
        return self._pages.page(
            request, "collections.html", words=words, shelves=shelves(words, collections, lotteries)
        )

    async def collection(self, request: Request) -> Response:
        """The newest results of one collection."""
        words, wanted = words_of(request), request.path_params["collection"]
        latest, collections = await asyncio.gather(self._api.latest(), self._api.collections())
        one = next((one for one in collections if one.id == wanted), None)
        if one is None:
            raise NoSuchPage
        seen = board(words, latest, self._pages.now(), collections, Choice(collection=wanted))
        return self._pages.page(request, "collection.html", words=words, collection=one, board=seen)

    async def calendar(self, request: Request) -> Response:
        """What is drawn in the coming days."""
        words, days = words_of(request), reach(request.query_params.get("days", ""))
        coming, collections = await asyncio.gather(self._api.coming(days), self._api.collections())
        choice = choice_of(request)
        seen = calendar(words, coming, collections, choice, days)
        return self._pages.page(request, "calendar.html", words=words, seen=seen, choice=choice)

    async def search(self, request: Request) -> Response:
        """What is found of a name, a country, a number or a day."""
        words, query = words_of(request), request.query_params
        lotteries = await self._api.lotteries()
        asked = question(words, query.get("q", ""), lotteries)
        hits: tuple[HitAnswer, ...] = ()
        following, refused = None, ""
        if asked.asked and not asked.several:
            more = {"cursor": query["cursor"]} if query.get("cursor") else {}
            try:
                hits, following = await self._api.search({**asked.asked, **more}, FOUND)
            except Refused as error:
                refused = str(error)
        return self._pages.page(
            request,
            "search.html",
            words=words,
            asked=asked,
            hits=found(words, hits, lotteries, self._pages.now()),
            following=following,
            refused=refused,
        )

    async def display(self, request: Request) -> Response:
        """The newest results large, for a screen on a wall."""
        words = words_of(request)
        latest, collections = await asyncio.gather(self._api.latest(), self._api.collections())
        seen = board(words, latest, self._pages.now(), collections, choice_of(request))
        return self._pages.page(request, "display.html", words=words, board=seen)

    async def about(self, request: Request) -> Response:
        """How we decide the numbers."""
        return self._pages.page(request, "about.html", words=words_of(request))

    async def developers(self, request: Request) -> Response:
        """What programs read here, and how they are told."""
        return self._pages.page(request, "developers.html", words=words_of(request))
