"""A page: a template filled in the reader's language, with the headers that keep it safe and quick."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from starlette.requests import Request
from starlette.responses import Response

from lotto.web.assets import Assets
from lotto.web.linked import dataset, trail
from lotto.web.moments import UTC, dates
from lotto.words import LANGUAGES, Words, speak

FALLBACK = "en"


class Compiled(BytecodeCache):
    """Templates as code, compiled once in a process for whoever renders them."""

    def __init__(self) -> None:
        self._kept: dict[str, CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Gives the code of a template that is as it was."""
        bucket.code = self._kept.get(f"{bucket.key} {bucket.checksum}")

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Takes it."""
        if bucket.code is not None:
            self._kept[f"{bucket.key} {bucket.checksum}"] = bucket.code


COMPILED = Compiled()


class Pages:
    """Renders pages and fragments. Everything put into a template is escaped, linked data too; none is marked safe."""

    def __init__(self, clock: Callable[[], dt.datetime], *, practice: bool, public_url: str, assets: Assets) -> None:
        self._clock = clock
        self._public_url = public_url.rstrip("/")
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            bytecode_cache=COMPILED,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            practice=practice,
            assets=assets,
            public_url=self._public_url,
            languages=[speak(lang) for lang in LANGUAGES],
            default=FALLBACK,
            trail=partial(trail, self._public_url),
            dataset=partial(dataset, self._public_url),
            dates_of=dates,
        )
        self._templates.filters["near"] = self._near

    @property
    def public_url(self) -> str:
        """The origin people know."""
        return self._public_url

    def now(self) -> dt.datetime:
        """The instant pages are made for."""
        return self._clock()

    def page(self, request: Request, template: str, *, status: int = 200, words: Words, **parts: object) -> Response:
        """The filled template as an answer that a browser keeps and asks about again before it shows it."""
        now = self.now().replace(second=0, microsecond=0)
        made = words.say("page.date.with_time", date=words.date(now.date(), "short"), time=words.time(now, UTC))
        text = self._templates.get_template(template).render(
            words=words,
            say=words.say,
            now=now,
            # When it was made, for whoever sees it later without a connection.
            made=words.say("page.date.utc", time=made),
            # Arrows are not turned around by a browser.
            back="→" if words.direction == "rtl" else "←",
            onward="←" if words.direction == "rtl" else "→",
            # Where this page stands below its language, so that the switch of languages stays on it.
            here=_below_language(request),
            # The same without its query, which is what search engines shall keep; none of a page that is an error.
            path=_below_language(request).partition("?")[0] if status == 200 else None,
            **parts,
        )
        return kept(request, text.encode(), "text/html; charset=utf-8", status)

    def _near(self, url: str) -> str:
        """An address on our own origin without it: the site may be reached by other names than the public one."""
        return url.removeprefix(self._public_url) if url.startswith(f"{self._public_url}/") else url


def kept(request: Request, body: bytes, media: str, status: int = 200) -> Response:
    """The body with its mark, or 304 when the browser holds the same."""
    mark = f'W/"{sha256(body).hexdigest()[:24]}"'
    headers = {"etag": mark, "cache-control": "public, no-cache"}
    asked = (one.strip() for one in request.headers.get("if-none-match", "").split(","))
    if status == 200 and mark in asked:
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers if status == 200 else {"cache-control": "no-store"}, media)


def reader_language(request: Request) -> Words:
    """The language a reader chose before, else the one their browser asks for, else English."""
    chosen = request.cookies.get("lang", "")
    if chosen in LANGUAGES:
        return speak(chosen)
    for lang in _accepted(request.headers.get("accept-language", "")):
        if lang in LANGUAGES:
            return speak(lang)
    return speak(FALLBACK)


def _accepted(header: str) -> list[str]:
    """Main languages of an Accept-Language header, most wanted first."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight.strip() else 1.0
        except ValueError:
            continue
        if quality > 0:
            wanted.append((-quality, place, tag.strip().split("-")[0].lower()))
    return [lang for _, _, lang in sorted(wanted)]


def _below_language(request: Request) -> str:
    first, _, rest = request.url.path.lstrip("/").partition("/")
    query = f"?{request.url.query}" if request.url.query else ""
    return rest + query if first in LANGUAGES else ""
