"""The pages' one way to the data: the API over HTTP, whatever carries it."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import msgspec
import structlog

from lotto.draws.draw import Status
from lotto.web.answers import (
    CheckedAnswer,
    CollectionAnswer,
    ComingAnswer,
    DetailAnswer,
    DrawAnswer,
    HitAnswer,
    LatencyAnswer,
    LatestAnswer,
    LotteryAnswer,
    NewsletterAnswer,
    OddsAnswer,
    PacesAnswer,
    Page,
    PostAnswer,
    ProblemAnswer,
    PushAnswer,
    SourceAnswer,
    StatisticsAnswer,
)
from lotto.web.sieve import Sieve

log = structlog.get_logger()

Shape = TypeVar("Shape")

ROOT = "/api/v1"

MOST_PAGES = 20
"""How far a list is followed for one page of ours; an API that never ends a list must not hang the site."""


class Unreachable(Exception):
    """The API did not answer, or not with what it promises."""


class Unknown(Exception):
    """The API knows no such thing; the message is its own sentence."""


class Refused(Unknown):
    """The API does not take what it was asked; the message says why, in English. `often`: since that was too often."""

    def __init__(self, sentence: str, *, often: bool = False) -> None:
        super().__init__(sentence)
        self.often = often


class Api:
    """Asks the API. `http` carries a base URL, or a transport into an app of the same process."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def latest(self) -> tuple[LatestAnswer, ...]:
        """The newest draws of every lottery, newest first."""
        return await self._whole("/results/latest", LatestAnswer)

    async def lotteries(self) -> tuple[LotteryAnswer, ...]:
        """Every lottery with its rules."""
        return await self._whole("/lotteries", LotteryAnswer)

    async def sources(self) -> tuple[SourceAnswer, ...]:
        """Every source and how it last went."""
        return await self._whole("/sources", SourceAnswer)

    async def posts(self, limit: int, states: Collection[str]) -> tuple[PostAnswer, ...]:
        """The newest posts in these states, newest first."""
        page = await self._get("/posts", Page[PostAnswer], {"limit": limit, "state": list(states)})
        return page.items

    async def collections(self) -> tuple[CollectionAnswer, ...]:
        """Every collection."""
        return await self._whole("/collections", CollectionAnswer)

    async def coming(self, days: int) -> tuple[ComingAnswer, ...]:
        """The draws of the coming days, the first one first."""
        return await self._whole("/coming", ComingAnswer, {"days": days})

    async def paces(self) -> PacesAnswer:
        """How long the newest draws of all lotteries took."""
        return await self._get("/latency", PacesAnswer)

    async def search(self, asked: Mapping[str, str], limit: int) -> tuple[tuple[HitAnswer, ...], str | None]:
        """What is found of a name, a country, a value or a date, and the cursor of what follows; raises Unknown."""
        page = await self._get("/search", Page[HitAnswer], {**asked, "limit": limit})
        return page.items, _cursor(page.next)

    async def lottery(self, lottery: str) -> LotteryAnswer:
        """That lottery; raises Unknown."""
        return await self._get(f"/lotteries/{quote(lottery, safe='')}", LotteryAnswer)

    async def odds(self, lottery: str) -> OddsAnswer | None:
        """Its odds by today's rules; None where it has none today."""
        try:
            return await self._get(f"/lotteries/{quote(lottery, safe='')}/odds", OddsAnswer)
        except Unknown:
            return None

    async def statistics(self, lottery: str, span: Mapping[str, str]) -> StatisticsAnswer:
        """The figures of its draws, `from` a day `to` a day; raises Unknown, of a span that is none too."""
        return await self._get(f"/lotteries/{quote(lottery, safe='')}/statistics", StatisticsAnswer, dict(span))

    async def draws(
        self, lottery: str, limit: int, cursor: str | None, sieve: Sieve | None = None
    ) -> tuple[tuple[DrawAnswer, ...], str | None]:
        """A stretch of its draws, newest first, and the cursor of the stretch before it in time, or None."""
        asked = {"limit": limit, **({"cursor": cursor} if cursor else {}), **(sieve.asked if sieve else {})}
        page = await self._get(f"/lotteries/{quote(lottery, safe='')}/draws", Page[DrawAnswer], asked)
        return page.items, _cursor(page.next)

    async def draw(self, lottery: str, date: str, label: str) -> DetailAnswer:
        """That draw with its evidence and its history; raises Unknown."""
        return await self._get(_draw(lottery, date, label), DetailAnswer)

    async def latency(self, lottery: str, date: str, label: str) -> LatencyAnswer | None:
        """When its steps were made; None of a draw that nothing is known of yet."""
        try:
            return await self._get(f"{_draw(lottery, date, label)}/latency", LatencyAnswer)
        except Unknown:
            return None

    async def published(self, lottery: str, since: dt.date | None, until: dt.date | None) -> DrawAnswer | None:
        """The newest draw of these local days that has published values."""
        asked = {"limit": 20} | _span(since, until)
        page = await self._get(f"/lotteries/{quote(lottery, safe='')}/draws", Page[DrawAnswer], asked)
        return next((one for one in page.items if one.revision and one.status is not Status.VOID), None)

    async def check(
        self,
        lottery: str,
        lines: Sequence[Mapping[str, Sequence[str]]],
        since: dt.date | None,
        until: dt.date | None,
    ) -> CheckedAnswer:
        """What these lines won on these local days; raises Unknown with the API's sentence when it refuses them."""
        question = {"lottery": lottery, "lines": lines} | _span(since, until)
        return await self._get("/check", CheckedAnswer, question=question)

    async def newsletters(self) -> tuple[NewsletterAnswer, ...]:
        """The newsletters that anybody may subscribe to."""
        return await self._whole("/newsletters", NewsletterAnswer)

    async def push(self) -> PushAnswer:
        """How a browser subscribes to notifications."""
        return await self._get("/push", PushAnswer)

    async def ask(self, path: str, wish: dict[str, str], chain: str) -> None:
        """Has the API do something, for whoever `chain` tells (X-Forwarded-For); raises Unknown and Refused."""
        headers = {"X-Forwarded-For": chain} if chain else {}
        try:
            answer = await self._http.post(f"{ROOT}{path}", json=wish, headers=headers)
        except httpx2.HTTPError as error:
            log.warning("api unreachable", path=path, why=repr(error))
            raise Unreachable(f"{path}: {error!r}") from error
        if answer.status_code == 404:
            raise Unknown(_detail(answer.content))
        if answer.status_code in (422, 429):
            raise Refused(_detail(answer.content), often=answer.status_code == 429)
        if not answer.is_success:
            log.warning("api answered badly", path=path, status=answer.status_code)
            raise Unreachable(f"{path}: {answer.status_code}")

    async def _whole(self, path: str, item: type[Shape], asked: Mapping[str, Any] | None = None) -> tuple[Shape, ...]:
        """A list with all that follows it."""
        found: list[Shape] = []
        for _ in range(MOST_PAGES):
            page = await self._get(path, Page[item], asked)  # type: ignore[valid-type]  # made for the item at hand
            found.extend(page.items)
            if not page.next:
                break
            asked = {name: values[-1] for name, values in parse_qs(urlsplit(page.next).query).items()}
        return tuple(found)

    async def _get(
        self,
        path: str,
        shape: type[Shape],
        asked: Mapping[str, Any] | None = None,
        question: Mapping[str, Any] | None = None,
    ) -> Shape:
        method = "POST" if question else "GET"
        try:
            answer = await self._http.request(method, f"{ROOT}{path}", params=asked, json=question)
        except httpx2.HTTPError as error:
            log.warning("api unreachable", path=path, why=repr(error))
            raise Unreachable(f"{path}: {error!r}") from error
        if answer.status_code == 422:
            raise Refused(_detail(answer.content))
        if answer.status_code == 404:
            raise Unknown(_detail(answer.content))
        if not answer.is_success:
            log.warning("api answered badly", path=path, status=answer.status_code)
            raise Unreachable(f"{path}: {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=shape)
        except msgspec.MsgspecError as error:
            log.error("api answer not understood", path=path, why=str(error))
            raise Unreachable(f"{path}: {error}") from error


def _draw(lottery: str, date: str, label: str) -> str:
    return "/".join(
        ("/lotteries", quote(lottery, safe=""), "draws", *(quote(one, safe="") for one in (date, label) if one))
    )


def _cursor(following: str | None) -> str | None:
    """The cursor in the address of a page that follows."""
    found = parse_qs(urlsplit(following).query).get("cursor") if following else None
    return found[0] if found else None


def _span(since: dt.date | None, until: dt.date | None) -> dict[str, str]:
    return {name: day.isoformat() for name, day in (("from", since), ("to", until)) if day}


def _detail(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=ProblemAnswer).detail
    except msgspec.MsgspecError:
        return ""
