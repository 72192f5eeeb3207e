"""The pages' one way to the data: the API over HTTP, whatever carries it."""

from collections.abc import Collection
from typing import Any, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

import httpx2
import msgspec
import structlog

from lotto.web.answers import (
    DetailAnswer,
    DrawAnswer,
    LatestAnswer,
    LotteryAnswer,
    NewsletterAnswer,
    Page,
    PostAnswer,
    ProblemAnswer,
    PushAnswer,
    SourceAnswer,
)

log = structlog.get_logger()

Shape = TypeVar("Shape")

ROOT = "/api/v1"

MOST_PAGES = 20
"""How far a list is followed for one page of ours; an API that never ends a list must not hang the site."""


class Unreachable(Exception):
    """The API did not answer, or not with what it promises."""


class Unknown(Exception):
    """The API knows no such thing; the message is its own sentence."""


class Refused(Exception):
    """The API does not do what it was asked to; `often` when it was asked too often."""

    def __init__(self, sentence: str, *, often: bool) -> None:
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

    async def lottery(self, lottery: str) -> LotteryAnswer:
        """That lottery; raises Unknown."""
        return await self._get(f"/lotteries/{quote(lottery, safe='')}", LotteryAnswer)

    async def draws(self, lottery: str, limit: int, cursor: str | None) -> tuple[tuple[DrawAnswer, ...], str | None]:
        """A stretch of its draws, newest first, and the cursor of the stretch before it in time, or None."""
        asked = {"limit": limit} | ({"cursor": cursor} if cursor else {})
        page = await self._get(f"/lotteries/{quote(lottery, safe='')}/draws", Page[DrawAnswer], asked)
        following = parse_qs(urlsplit(page.next).query).get("cursor", [None]) if page.next else [None]
        return page.items, following[0]

    async def draw(self, lottery: str, date: str, label: str) -> DetailAnswer:
        """That draw with its evidence and its history; raises Unknown."""
        path = "/".join(quote(part, safe="") for part in (date, label) if part)
        return await self._get(f"/lotteries/{quote(lottery, safe='')}/draws/{path}", DetailAnswer)

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

    async def _whole(self, path: str, item: type[Shape]) -> tuple[Shape, ...]:
        """A list with all that follows it."""
        found: list[Shape] = []
        asked: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            page = await self._get(path, Page[item], asked)  # type: ignore[valid-type]  # made for the item at hand
            found.extend(page.items)
            if not page.next:
                break
            asked = {name: values[-1] for name, values in parse_qs(urlsplit(page.next).query).items()}
        return tuple(found)

    async def _get(self, path: str, shape: type[Shape], asked: dict[str, Any] | None = None) -> Shape:
        try:
            answer = await self._http.get(f"{ROOT}{path}", params=asked)
        except httpx2.HTTPError as error:
            log.warning("api unreachable", path=path, why=repr(error))
            raise Unreachable(f"{path}: {error!r}") from error
        if answer.status_code in (404, 422):
            raise Unknown(_detail(answer.content))
        if not answer.is_success:
            log.warning("api answered badly", path=path, status=answer.status_code)
            raise Unreachable(f"{path}: {answer.status_code}")
        try:
            return msgspec.json.decode(answer.content, type=shape)
        except msgspec.MsgspecError as error:
            log.error("api answer not understood", path=path, why=str(error))
            raise Unreachable(f"{path}: {error}") from error


def _detail(body: bytes) -> str:
    try:
        return msgspec.json.decode(body, type=ProblemAnswer).detail
    except msgspec.MsgspecError:
        return ""
