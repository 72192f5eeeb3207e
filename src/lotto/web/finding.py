"""What search engines read: robots.txt, and the sitemaps of all pages in all languages."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lotto.paths import draw_path, lottery_path
from lotto.web.answers import DrawAnswer
from lotto.web.client import Api
from lotto.web.collections import collection_path
from lotto.web.page import kept
from lotto.words import LANGUAGES

NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"

STANDING = ("", "calendar", "collections", "sources", "wall", "about", "developers")
"""Pages that stand at all times, below a language."""

NEWEST = 1000
"""Draws of a lottery on its sitemap; older ones are found through its history. In seven languages a sitemap of these
is far from the 50,000 addresses that one may hold."""

AT_A_TIME = 200
"""The most draws that the API gives at once."""


class Finding:
    """Answers their addresses out of the API; `public_url` is the origin that people know."""

    def __init__(self, api: Api, public_url: str) -> None:
        self._api = api
        self._public_url = public_url.rstrip("/")

    def routes(self) -> Iterator[Route]:
        """Its addresses, to stand before that of a language."""
        yield Route("/robots.txt", self.robots, methods=["GET"])
        yield Route("/sitemap.xml", self.index, methods=["GET"])
        yield Route("/sitemaps/pages.xml", self.standing, methods=["GET"])
        yield Route("/sitemaps/lotteries/{lottery}.xml", self.lottery, methods=["GET"])

    async def robots(self, request: Request) -> Response:
        """Everything may be read but pieces of pages and what a search makes up."""
        rules = ["User-agent: *", "Disallow: /*/fragment/", "Disallow: /*/search", "Disallow: /api/v1/*/draws."]
        text = "\n".join((*rules, "", f"Sitemap: {self._public_url}/sitemap.xml", ""))
        return kept(request, text.encode(), "text/plain; charset=utf-8")

    async def index(self, request: Request) -> Response:
        """Every sitemap, with when it last changed as far as the newest draws tell."""
        latest, lotteries = await asyncio.gather(self._api.latest(), self._api.lotteries())
        changed: dict[str, dt.datetime] = {}
        for one in latest:
            told = one.updated_at or one.drawn_at
            changed[one.lottery] = max(told, changed.get(one.lottery, told))
        newest = max(changed.values(), default=None)
        maps = [("pages.xml", newest)]
        maps += [(f"lotteries/{lottery_path(one.id)}.xml", changed.get(one.id)) for one in lotteries]
        entries = (_entry("sitemap", f"{self._public_url}/sitemaps/{path}", at) for path, at in maps)
        return _xml(request, "sitemapindex", entries)

    async def standing(self, request: Request) -> Response:
        """The pages that are of no one lottery."""
        collections = await self._api.collections()
        paths = (*STANDING, *(collection_path(one.id) for one in collections))
        return _xml(request, "urlset", (one for path in paths for one in self._spoken(path, None)))

    async def lottery(self, request: Request) -> Response:
        """A lottery's own pages and its newest draws."""
        name = request.path_params["lottery"]
        lottery, draws = await asyncio.gather(self._api.lottery(name), self._newest(name))
        changed = max((one.updated_at for one in draws if one.updated_at), default=None)
        path = lottery_path(lottery.id)
        own = (*self._spoken(path, changed), *self._spoken(f"{path}/statistics", changed))
        held = (one for draw in draws for one in self._spoken(draw_path(draw.key), draw.updated_at))
        return _xml(request, "urlset", (*own, *held))

    async def _newest(self, lottery: str) -> list[DrawAnswer]:
        found: list[DrawAnswer] = []
        cursor: str | None = None
        while len(found) < NEWEST:
            draws, cursor = await self._api.draws(lottery, AT_A_TIME, cursor)
            found += draws
            if not cursor:
                break
        return found

    def _spoken(self, path: str, changed: dt.datetime | None) -> Iterator[str]:
        for lang in LANGUAGES:
            yield _entry("url", f"{self._public_url}/{lang}/{path}", changed)


def _entry(kind: str, address: str, changed: dt.datetime | None) -> str:
    last = f"<lastmod>{changed.isoformat(timespec='seconds')}</lastmod>" if changed else ""
    return f"<{kind}><loc>{escape(address)}</loc>{last}</{kind}>"


def _xml(request: Request, root: str, entries: Iterable[str]) -> Response:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    return kept(request, (head + "\n".join(entries) + f"\n</{root}>\n").encode(), "application/xml")
