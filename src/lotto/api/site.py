"""The site: the addresses of its pages and cards as the world knows them, and names of things that never change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from lotto.api.feeds.feed import Picture
from lotto.api.scope import Scope
from lotto.draws.draw import DrawKey
from lotto.events import Card
from lotto.paths import draw_path, lottery_path

SINCE = "2026"
"""A tag URI (RFC 4151) names its maker as of a time; ours are all of this year, so that a thing has one name."""


@dataclass(frozen=True)
class Site:
    """A site at `address`, without a slash at its end; `card_url` makes an address of a card's key in the store."""

    address: str
    practice: bool
    card_url: Callable[[str], str]

    @property
    def host(self) -> str:
        """Its host; `localhost` where that is a number that names may not be made of."""
        host = urlsplit(self.address).hostname or ""
        return host if host and ":" not in host else "localhost"

    def tag(self, name: str) -> str:
        """The tag URI of what is called so here."""
        return f"tag:{self.host},{SINCE}:{quote(name, safe='/?=:')}"

    def page(self, of: Scope, lang: str) -> str:
        """The page where people read of it."""
        board = f"{self.address}/{lang}/"
        if of.kind == "lottery":
            return board + lottery_path(of.id)
        return f"{board}?country={of.id}" if of.kind == "country" else board

    def draw(self, key: DrawKey, lang: str) -> str:
        """The page of a draw."""
        return f"{self.address}/{lang}/{draw_path(key)}"

    def picture(self, cards: Sequence[Card], lang: str) -> Picture | None:
        """The wide card in that language, else in any; None where there is no card."""
        liked = sorted(cards, key=lambda one: (one.format != "og", one.lang != lang, one.lang, one.format))
        if not liked:
            return None
        one = liked[0]
        url = urljoin(f"{self.address}/", self.card_url(one.key))
        return Picture(url, one.media, one.size, one.alt, one.width, one.height)
