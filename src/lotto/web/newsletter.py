"""The newsletter's pages: subscribe, confirm, leave, be forgotten. Nothing happens by a GET: scanners follow links."""

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lotto.web.asked import NoSuchPage, words_of
from lotto.web.client import Api, Refused, Unknown, Unreachable
from lotto.web.page import Pages
from lotto.words import Words

TEMPLATE = "newsletter.html"

LONGEST = 10_000
"""Bytes of a form."""

DOES = {"confirm": "confirm", "unsubscribe": "leave", "erase": "erase"}
"""What a page with a token asks for → what the API is asked."""

TRAP = "website"
"""A field that people do not see: who fills it in is none."""


class Newsletter:
    """The pages of the newsletter, out of the API."""

    def __init__(self, api: Api, pages: Pages) -> None:
        self._api = api
        self._pages = pages

    def routes(self) -> Iterator[Route]:
        """Its addresses, to stand before that of a lottery."""
        for path, asked, done in (
            ("/{lang}/newsletter", self.form, self.subscribe),
            ("/{lang}/newsletter/{what}", self.question, self.answer),
        ):
            yield Route(path, asked, methods=["GET"])
            yield Route(path, done, methods=["POST"])

    async def form(self, request: Request) -> Response:
        """Where one subscribes, by mail or in this browser."""
        words = words_of(request)
        push = await self._api.push()
        return self._page(request, words, "form", newsletters=await self._api.newsletters(), push=push)

    async def subscribe(self, request: Request) -> Response:
        """Asks for the newsletter; what comes of it is the same for whoever asks."""
        words = words_of(request)
        given = await _form(request)
        wish = {"email": given.get("email", ""), "lang": words.lang}
        try:
            if not given.get(TRAP):
                await self._api.ask(
                    f"/newsletters/{quote(given.get('newsletter', ''), safe='')}", wish, _chain(request)
                )
        except Refused as error:
            push, letters = await self._api.push(), await self._api.newsletters()
            wrong = words.say("page.newsletter.often" if error.often else "page.newsletter.wrong")
            return self._page(
                request, words, "form", status=422, newsletters=letters, push=push, wrong=wrong, email=wish["email"]
            )
        return self._page(request, words, "sent", email=wish["email"])

    async def question(self, request: Request) -> Response:
        """Asks once more before anything happens: it takes a tap on a button."""
        words, what = words_of(request), _what(request)
        return self._page(request, words, what, token=request.query_params.get("token", ""))

    async def answer(self, request: Request) -> Response:
        """Does it; also for a mail program that unsubscribes with one click (RFC 8058)."""
        words, what = words_of(request), _what(request)
        token = request.query_params.get("token", "")
        try:
            await self._api.ask(f"/subscriptions/{DOES[what]}", {"token": token}, _chain(request))
        except Refused as error:
            raise Unreachable(str(error)) from error
        except Unknown:
            return self._page(request, words, "gone", status=404)
        return self._page(request, words, f"{what}_done", token=token)

    def _page(self, request: Request, words: Words, step: str, *, status: int = 200, **parts: object) -> Response:
        given = {"newsletters": (), "push": None, "wrong": "", "email": "", "token": ""} | parts
        response = self._pages.page(request, TEMPLATE, status=status, words=words, step=step, **given)
        # An address or what stands for it is nobody else's: not on the way, and not where its links lead.
        response.headers["cache-control"] = "no-store"
        response.headers["referrer-policy"] = "no-referrer"
        return response


def _what(request: Request) -> str:
    """What a page with a token asks for; raises NoSuchPage."""
    what: str = request.path_params["what"]
    if what not in DOES:
        raise NoSuchPage
    return what


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a form, as a browser sends them; a body that is too long is none."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            return {}
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: values[-1] for name, values in fields.items()}


def _chain(request: Request) -> str:
    """Who asks, as proxies tell it: the API limits people, not the site."""
    before = request.headers.get("x-forwarded-for", "")
    nearest = request.client.host if request.client else ""
    return ", ".join(filter(None, (before, nearest)))
