"""What the site does with scripts of its own: the ticket checker, embeds, and what makes it an app on a device."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lotto.web import check
from lotto.web.asked import NoSuchPage, words_of
from lotto.web.cards import cards
from lotto.web.check import CheckPage
from lotto.web.client import Api, Unknown
from lotto.web.embed import LOOKS, embedding
from lotto.web.page import Pages, kept
from lotto.web.safety import policy
from lotto.words import Words

SCRIPT = "text/javascript; charset=utf-8"

ANYWHERE = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""Headers of what pages of other sites read."""

MANIFEST = {
    "name": "Lotto",
    "short_name": "Lotto",
    "id": "/",
    "start_url": "/",
    "scope": "/",
    "display": "standalone",
    "background_color": "#f7f6f3",
    "theme_color": "#f7f6f3",
    "icons": [
        {"src": "/static/icon.svg", "sizes": "any", "type": "image/svg+xml"},
        {"src": "/static/icon-192.png", "sizes": "192x192", "type": "image/png"},
        {"src": "/static/icon-512.png", "sizes": "512x512", "type": "image/png"},
        {"src": "/static/icon-maskable.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable"},
    ],
}
"""The site as an app to install; its language is the reader's, so it begins where the front door does."""


class Islands:
    """Answers the addresses of these pages and scripts."""

    def __init__(self, api: Api, pages: Pages, built: Path, cards_at: str) -> None:
        self._api = api
        self._pages = pages
        self._built = built
        self._framed = {"content-security-policy": policy(cards_at, ancestors="*")}
        self._framing = {"content-security-policy": policy(cards_at, frames="'self'")}

    def routes(self) -> list[Route]:
        """All of them."""

        def get(path: str, page: Callable[[Request], Awaitable[Response]]) -> Route:
            return Route(path, page, methods=["GET"])

        return [
            get("/worker.js", self.worker),
            get("/embed.js", self.element),
            get("/manifest.webmanifest", self.manifest),
            get("/{lang}/offline", self.offline),
            get("/{lang}/check", self.check),
            get("/{lang}/embed", self.builder),
            get("/{lang}/embed/words.json", self.embed_words),
            get("/{lang}/embed/{lottery}", self.embed),
        ]

    async def worker(self, request: Request) -> Response:
        """The service worker: at the root, so that it may serve every page."""
        return FileResponse(self._built / "worker.js", media_type=SCRIPT, headers={"cache-control": "no-cache"})

    async def element(self, request: Request) -> Response:
        """The script that other sites load for `<lotto-result>`."""
        headers = ANYWHERE | {"cache-control": "public, max-age=3600"}
        return FileResponse(self._built / "embed.js", media_type=SCRIPT, headers=headers)

    async def manifest(self, request: Request) -> Response:
        """What a device asks to install the site as an app."""
        return kept(request, json.dumps(MANIFEST).encode(), "application/manifest+json")

    async def offline(self, request: Request) -> Response:
        """What the service worker shows in the place of a page that it has not kept."""
        return self._pages.page(request, "offline.html", words=words_of(request))

    async def check(self, request: Request) -> Response:
        """The ticket checker, of the game asked for or of the one drawn last."""
        words = words_of(request)
        seen = await self._checked(request, words)
        response = self._pages.page(request, "check.html", words=words, seen=seen)
        if seen.text:
            # Somebody's numbers: nobody keeps them on the way.
            response.headers["cache-control"] = "no-store"
        return response

    async def _checked(self, request: Request, words: Words) -> CheckPage:
        lotteries = {one.id: one for one in await self._api.lotteries()}
        asked = request.query_params.get("lottery", "")
        if not asked:
            newest = [one.lottery for one in await self._api.latest()]
            asked = next(
                (one for one in [*newest, *lotteries] if one in lotteries and check.checkable(lotteries[one])), ""
            )
        if asked not in lotteries:
            raise NoSuchPage
        answer = lotteries[asked]
        form = check.blank(words, check.groups(words, tuple(lotteries.values())), answer, request.query_params)
        if not form.text:
            return form
        era = answer.lottery.eras[-1]
        texts, problem = check.texts(words, era, form.text)
        if problem:
            return replace(form, problem=problem)
        newest_draw = await self._api.published(asked, None, None)
        if newest_draw is None:
            return replace(form, problem=words.say("page.check.said.no_draws"))
        since, until = form.span.days(newest_draw.date, era.starts_on)
        draw = await self._api.published(asked, since, until)
        if draw is None:
            return replace(form, problem=words.say("page.check.said.no_draws"))
        try:
            checked = await self._api.check(asked, texts, since, until)
        except Unknown as error:
            rules = answer.lottery.era(draw.date) or era
            return replace(form, problem=check.refusal(words, rules, texts) or str(error))
        return replace(form, outcome=check.outcome(words, answer, texts, draw, checked))

    async def builder(self, request: Request) -> Response:
        """Where an embed is put together: its code to copy, and how it looks."""
        words = words_of(request)
        lotteries, latest = await asyncio.gather(self._api.lotteries(), self._api.latest())
        newest = latest[0].lottery if latest else ""
        seen = embedding(words, lotteries, newest, request.query_params, self._pages.public_url)
        if seen is None:
            raise NoSuchPage
        response = self._pages.page(request, "builder.html", words=words, seen=seen)
        response.headers.update(self._framing)
        return response

    async def embed_words(self, request: Request) -> Response:
        """What `<lotto-result>` says in that language."""
        words = words_of(request)
        said: dict[str, object] = {name: words.sentences(name) for name in ("status", "pool", "label")}
        said |= {"embed": words.sentences("page.embed"), "direction": words.direction}
        said["locale"] = words.say("language.locale").replace("_", "-")
        response = kept(request, json.dumps(said, ensure_ascii=False).encode(), "application/json")
        response.headers.update(ANYWHERE | {"cache-control": "public, max-age=3600"})
        return response

    async def embed(self, request: Request) -> Response:
        """The newest result of a game alone, for a frame on any site."""
        words, wanted = words_of(request), request.path_params["lottery"]
        game = await self._api.lottery(wanted)
        latest = [draw for draw in await self._api.latest() if draw.lottery == wanted]
        seen = next(iter(cards(words, latest, self._pages.now())), None)
        theme = request.query_params.get("theme", "")
        theme = theme if theme in LOOKS[1:] else ""
        response = self._pages.page(request, "embed.html", words=words, game=game, card=seen, theme=theme)
        response.headers.update(self._framed)
        return response
