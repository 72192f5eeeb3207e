"""Headless Chromium painting the very page that ours paints: the other side of the bench, and a test's judge."""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager

from browser import launch
from playwright.sync_api import CDPSession, Page

from lotto.imaker.font import fonts
from lotto.imaker.layout import Page as Card
from lotto.imaker.look import Look


class Browser:
    """One page of a running browser, with the cards' fonts loaded."""

    def __init__(self, page: Page, session: CDPSession) -> None:
        self._page = page
        self._session = session

    def dress(self, look: Look, size: tuple[int, int]) -> None:
        """Loads fonts and stylesheet of a look and takes the size of a card."""
        faces = "".join(
            f"@font-face {{ font-family: {font.family}; font-weight: {font.weight}; "
            f"unicode-range: {_range(font.covers)}; "
            f"src: url(data:font/woff;base64,{b64encode(font.data).decode()}) }}"
            for font in fonts()
        )
        self._page.set_viewport_size({"width": size[0], "height": size[1]})
        plain = "* { box-sizing: border-box } html, body { margin: 0; height: 100% }"
        self._page.set_content(f"<style>{faces}{plain}{look.style}</style><style id=ball></style><body></body>")

    def show(self, card: Card, ground: bytes) -> None:
        """Lays a card out, fonts and pictures there."""
        html = card.html.replace('src="ground"', f'src="data:image/png;base64,{b64encode(ground).decode()}"')
        self._page.evaluate(
            """async ([html, css]) => {
                document.getElementById("ball").textContent = css
                document.body.innerHTML = html
                await Promise.all([document.fonts.ready, ...[...document.images].map(one => one.decode())])
            }""",
            [html, card.css],
        )

    def screenshot(self) -> bytes:
        """As everyone takes one."""
        return self._page.screenshot()

    def quickest(self) -> bytes:
        """As fast as it can be taken."""
        shot = self._session.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
        return b64decode(shot["data"])


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with launch() as running:
        page = running.new_page()
        yield Browser(page, page.context.new_cdp_session(page))


def _range(covers: frozenset[str]) -> str:
    """What a font covers, as CSS writes it."""
    codes = sorted(map(ord, covers))
    starts = [code for place, code in enumerate(codes) if not place or codes[place - 1] != code - 1]
    ends = [code for place, code in enumerate(codes) if place + 1 == len(codes) or codes[place + 1] != code + 1]
    return ", ".join(f"U+{start:X}-{end:X}" for start, end in zip(starts, ends, strict=True))
