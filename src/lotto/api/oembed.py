"""oEmbed 1.0: what another site shows in the place of a link to one of our pages."""

from dataclasses import asdict, dataclass
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

from lotto.api.feeds.feed import Picture
from lotto.api.feeds.markup import document, html, leaf
from lotto.draws.draw import Draw, DrawKey
from lotto.draws.lottery import Lottery
from lotto.words import LANGUAGES, Words

WIDTH, HEIGHT = 600, 200
"""Of what is shown, in pixels, where there is room: a few lines of text."""

FRESH = 60
"""Seconds that another site may keep what it was told: a result may be corrected."""


@dataclass(frozen=True)
class Page:
    """A page of ours: of a draw, or of a lottery, which shows its newest draw."""

    lang: str
    lottery: str
    draw: DrawKey | None


@dataclass(frozen=True)
class Embed:
    """What is shown, as oEmbed calls it. The three of the thumbnail are there together or not at all."""

    title: str
    url: str
    html: str
    width: int
    height: int
    thumbnail_url: str | None
    thumbnail_width: int | None
    thumbnail_height: int | None
    type: str = "rich"
    version: str = "1.0"
    author_name: str = ""
    provider_name: str = "Lotto"
    provider_url: str = ""
    cache_age: int = FRESH


def page_of(url: str, address: str) -> Page | None:
    """The page of the site at `address` that this is the address of; None where it is none of ours."""
    try:
        asked, ours = urlsplit(url), urlsplit(address)
        same = asked.scheme in ("http", "https") and asked.netloc.lower() == ours.netloc.lower()
    except ValueError:
        return None
    if not same or not asked.path.startswith(f"{ours.path}/"):
        return None
    lang, *rest = map(unquote, asked.path.removeprefix(f"{ours.path}/").rstrip("/").split("/"))
    if lang not in LANGUAGES or not rest:
        return None
    if len(rest) == 1:
        return Page(lang, rest[0], None)
    try:
        return Page(lang, rest[0], DrawKey.parse("/".join(rest)))
    except ValueError:
        return None


def embed(
    lottery: Lottery, draw: Draw, words: Words, url: str, home: str, picture: Picture | None, width: int, height: int
) -> Embed:
    """The embed of a draw whose page is `url`, no wider and no higher than that; without script, frame or style."""
    shown = ET.Element("div")
    quote = leaf(shown, "blockquote", cite=url)
    leaf(quote, "p", words.alt(lottery, draw))
    leaf(quote, "p", f"{words.status(draw, lottery)}.")
    leaf(leaf(quote, "p"), "a", words.say("page.lottery.evidence"), href=url)
    fits = picture is not None and picture.width <= width and picture.height <= height
    thumbnail = picture if fits else None
    return Embed(
        title=words.headline(lottery, draw),
        url=url,
        html=html(shown),
        width=min(width, WIDTH),
        height=min(height, HEIGHT),
        thumbnail_url=thumbnail.url if thumbnail else None,
        thumbnail_width=thumbnail.width if thumbnail else None,
        thumbnail_height=thumbnail.height if thumbnail else None,
        author_name=lottery.operator,
        provider_url=home,
    )


def told(one: Embed) -> dict[str, str | int]:
    """The embed by oEmbed's names, without what it lacks."""
    return {name: value for name, value in asdict(one).items() if value is not None}


def xml(one: Embed) -> bytes:
    """The embed as an XML document."""
    root = ET.Element("oembed")
    for name, value in told(one).items():
        leaf(root, name, str(value))
    return document(root)
