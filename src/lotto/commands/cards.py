"""The cards' workshop: a page of every look, size, language and kind, drawn anew while a look is edited; and what was
drawn before drawn anew.
"""

import asyncio
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import Annotated, Any, cast
from urllib.parse import parse_qsl, quote, urlsplit

import typer

from lotto.api.signature import Signature
from lotto.commands.arguments import among, day_of, lottery_of
from lotto.commands.terminal import out, progress
from lotto.draws.lottery import Lottery
from lotto.house import House, wall_clock
from lotto.imaker import look as shelf
from lotto.imaker.face import Kind
from lotto.imaker.look import looks
from lotto.imaker.rebuilder import Rebuilder, Rebuilt
from lotto.imaker.renderer import FORMATS, Renderer
from lotto.imaker.specimen import specimen
from lotto.ledger import queries
from lotto.place import configured, looking
from lotto.settings import BadSetting
from lotto.told import Told
from lotto.words import CARD_LANGUAGES

workshop = typer.Typer(help="Looks at the cards' designs, and takes a changed one to all cards.", no_args_is_help=True)

SHOWN = (
    "us_powerball",
    "fr_euromillions",
    "us_ny_numbers",
    "do_loteka",
    "us_ny_quick_draw",
    "ve_lotto_activo",
    "vn_xsmb",
    "il_chance",
    "it_lotto",
)
"""Lotteries of every make; any other of the catalogue can be asked for by its id."""

HERE = "127.0.0.1"


@workshop.command("preview")
def preview(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0: any that is free.")] = 8401,
) -> None:
    """Opens a page with every look, size, language and kind of card; it follows while a look is edited."""
    settings = configured()
    house = House(settings, database_url="", redis_url="")
    server = _Server(Gallery(house), port)
    out.print(f"http://{HERE}:{server.server_address[1]} shows every card; stop with Ctrl-C.", highlight=False)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


@workshop.command("address")
def address(
    subject: Annotated[
        str, typer.Argument(help="LOTTERY, LOTTERY/DATE or LOTTERY/DATE/LABEL; of a digest COLLECTION/DATE.")
    ],
    form: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(FORMATS)}.")] = "og",
    lang: Annotated[str, typer.Option(help=f"One of: {', '.join(CARD_LANGUAGES)}.")] = "en",
    kind: Annotated[Kind, typer.Option(help="What the card is about.")] = Kind.RESULT,
    look: Annotated[str | None, typer.Option(help="The design; without it LOTTO_CARD_LOOK.")] = None,
    page: Annotated[int, typer.Option(min=1, max=99, help="Of a digest that fills several cards: which.")] = 1,
) -> None:
    """Prints the address at which the API draws a card when it is asked for; it is signed, and good for ever.

    Without a date it is the newest draw's, and another card after every draw.
    """
    from lotto.api.wished import Wished  # with it comes all of the API

    settings = configured()
    chosen = look or settings.card_look
    for name, known, what in (
        (chosen, looks(settings.card_looks_dir), "look"),
        (form, FORMATS, "format"),
        (lang, CARD_LANGUAGES, "language"),
    ):
        among(name, known, what)
    asked = f"{kind}/{chosen}/{form}/{lang}/{subject}{f'.{page}' if page > 1 else ''}.png"
    try:
        Wished.read(asked)
    except ValueError as error:
        raise BadSetting(f"There is no card of {subject}: {error}") from None
    out.print(
        f"{settings.address}/{Signature.made(settings.secret_key).path(quote(asked))}", highlight=False, soft_wrap=True
    )


@workshop.command("rebuild")
def rebuild(
    lottery: Annotated[list[str] | None, typer.Option(help="The id of a lottery; may be given again.")] = None,
    since: Annotated[str | None, typer.Option("--from", help="The first day, as 2022-05-10.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="The last day.")] = None,
    look: Annotated[str | None, typer.Option(help="Only the cards that are kept in this look.")] = None,
) -> None:
    """Draws the cards of published draws anew, where look, brand, words or fonts have changed; nothing is posted.

    It may be stopped and started again: what is as it would be drawn now is left alone.
    """
    first, last = day_of(since) if since else date.min, day_of(until) if until else date.max
    if first > last:
        raise BadSetting(f"The span ends on {last}, before it begins on {first}.")

    async def rebuilt(house: House, told: Told) -> Rebuilt:
        renderer, shown = house.renderer(), house.wanted()
        async with house.look("rebuild") as ledger:
            try:
                rebuilder = Rebuilder(
                    ledger,
                    house.store(),
                    house.catalogue.lotteries,
                    renderer,
                    shown,
                    house.settings.card_look,
                    queries.draw,
                    wall_clock,
                )
            except ValueError as error:
                raise BadSetting(f"The cards cannot be drawn: {error}") from None
            return await rebuilder.rebuild(wanted, (first, last), look, told)

    with looking(configured()) as place, progress() as told:
        house = place.house()
        known = house.catalogue.lotteries
        wanted = [lottery_of(known, one).id for one in lottery or known]
        done = asyncio.run(rebuilt(house, told))
    out.print(f"{done.cards} cards of {done.draws} draws drawn anew; nothing is posted again.", highlight=False)
    for words in done.failed:
        typer.echo(f"as it was: {words}", err=True)
    if done.failed:
        raise typer.Exit(1)


class Gallery:
    """Draws specimens of cards, with the looks as their files are now."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._own = house.settings.card_looks_dir
        self._renderer = lru_cache(maxsize=1)(self._made)

    @property
    def lotteries(self) -> Mapping[str, Lottery]:
        """All that a card can be shown of."""
        return self._house.catalogue.lotteries

    @property
    def looks(self) -> list[str]:
        """Their names."""
        return [*looks(self._own)]

    def stamp(self) -> str:
        """Changes whenever a file of a look does."""
        folders = [shelf.FOLDER, *([self._own] if self._own else [])]
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        return str(hash(tuple((str(path), path.stat().st_mtime_ns) for path in files)))

    def card(self, asked: Mapping[str, str]) -> tuple[bytes, str]:
        """The card so asked for and its alternative text; raises ValueError and KeyError for what there is not."""
        renderer = self._renderer(self.stamp())
        form, lang, look = asked["format"], asked["lang"], asked["look"]
        kind = asked["kind"]
        day = self._house.world().date()
        if kind == Kind.DIGEST:
            results = [(one, specimen(one, day)) for one in (self.lotteries[name] for name in SHOWN[:8])]
            picture = renderer.digest("Lotto", day, results, form, lang, look)[0]
        else:
            lottery = self.lotteries[asked["lottery"]]
            draw = specimen(lottery, day, corrected=kind == "corrected")
            about = Kind.RESULT if kind == "corrected" else Kind(kind)
            picture = renderer.draw(lottery, draw, form, lang, look, about)
        return picture.data, picture.alt

    def _made(self, stamp: str) -> Renderer:
        """A renderer of this state of the looks."""
        return self._house.renderer()


class _Server(ThreadingHTTPServer):
    """Serves the workshop to this machine alone."""

    daemon_threads = True

    def __init__(self, gallery: Gallery, port: int) -> None:
        self.gallery = gallery
        super().__init__((HERE, port), _Handler)

    def server_bind(self) -> None:
        """Binds without asking a name server what this machine is called, which may take long."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HERE, self.server_address[1]


class _Handler(BaseHTTPRequestHandler):
    """Answers one request of the preview page."""

    def do_GET(self) -> None:
        gallery = cast("_Server", self.server).gallery
        parts = urlsplit(self.path)
        if parts.path == "/":
            self._answer(_page(gallery).encode(), "text/html; charset=utf-8")
        elif parts.path == "/stamp":
            self._answer(gallery.stamp().encode(), "text/plain")
        elif parts.path == "/card":
            try:
                data, _ = gallery.card(dict(parse_qsl(parts.query)))
                self._answer(data, "image/png")
            except (ValueError, KeyError) as error:
                self._answer(_sorry(str(error)), "image/svg+xml")
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, *what: Any) -> None:
        """Says nothing: a page asks for a hundred cards."""

    def _answer(self, body: bytes, media: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


def _sorry(why: str) -> bytes:
    """Where a card would be, why there is none."""
    words = f'<p xmlns="http://www.w3.org/1999/xhtml" style="font: 32px sans-serif; color: #900">{escape(why)}</p>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630">'
        '<rect width="1200" height="630" fill="#fee"/>'
        f'<foreignObject x="40" y="40" width="1120" height="550">{words}</foreignObject></svg>'
    ).encode()


def _page(gallery: Gallery) -> str:
    choices = {
        "look": ["all", *gallery.looks],
        "format": ["all", *FORMATS],
        "kind": ["result", "corrected", *(kind.value for kind in Kind if kind is not Kind.RESULT), "all"],
        "lang": [*CARD_LANGUAGES, "all"],
        "lottery": [*SHOWN, *(name for name in gallery.lotteries if name not in SHOWN), "all"],
    }
    told = json.dumps({"choices": choices, "shown": SHOWN}).replace("<", "\\u003c")
    return (Path(__file__).with_name("preview.html").read_text(encoding="utf-8")).replace("{{ told }}", told)
