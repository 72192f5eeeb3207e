"""Markup: the tree of an HTML page, and short texts in it."""

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from lotto.scraper.sources.source import Page, PageChanged

LONGEST_MARKUP = 4_000_000
"""Bytes of an HTML page; the longest recorded one has 2.8 million."""

MOST_TAGS = 20_000
"""Nested without end they would keep the parser busy for minutes; most recorded pages have up to 3,000."""

LONGEST_TEXT = 60
"""Characters of a name or a value; what is longer is not one."""

FILTERS = re.compile(
    "(?i)web.?filter|fortiguard|access (blocked|denied)|page blocked|attention required|captcha"
    "|just a moment|checking your browser|request (blocked|unsuccessful)|are you (a )?(human|robot)"
)
"""How those introduce themselves who answer in a page's place."""


def tree(
    page: Page, known_by: str, ends_with: str, *, encoding: str = "utf-8", most_tags: int = MOST_TAGS
) -> LexborHTMLParser:
    """The parsed page; PageChanged unless it has what the selector `known_by` finds, and `ends_with` as its end.

    `most_tags` is for the publisher whose honest pages have more than others'.
    """
    found = parsed(page, encoding, most_tags)
    if found.css_first(known_by) is None:
        raise stranger(found, f"there is no “{known_by}” in this page")
    if ends_with.encode(encoding) not in page.body:
        raise PageChanged(f"There is no “{ends_with}” in the page: it is cut short.")
    return found


def stranger(found: LexborHTMLParser, why: str) -> PageChanged:
    """The error about a page that is not the one we know: someone else's, or the publisher's new one."""
    heads = [" ".join(node.text().split()) for node in found.css("title, h1, h2, h3")]
    told = " / ".join(heads[:3])[:120]
    if FILTERS.search(" ".join(heads)):
        return PageChanged(f"A filter blocked it and answered in the page's place: “{told}”; ask from another network.")
    return PageChanged(f"The layout changed: {why} (“{told}”); a person must look.")


def only(node: LexborNode, selector: str, what: str) -> LexborNode:
    """The one node in `node` that the selector finds; PageChanged when there are none or several."""
    match node.css(selector):
        case [found]:
            return found
        case found:
            raise PageChanged(f"The layout changed: {what} is there {len(found)} times, not once.")


def text(node: LexborNode, selector: str, what: str) -> str:
    """The text of that one node, white space levelled; PageChanged when it is empty or no short text."""
    return _short(only(node, selector, what), what)


def place(node: LexborNode) -> str | None:
    """The value a node shows; None when it is empty or holds the place open (“-”, “…”)."""
    return _short(node, "a number") if any(map(str.isalnum, node.text())) else None


def _short(node: LexborNode, what: str) -> str:
    found = " ".join(node.text().split())
    if not found or len(found) > LONGEST_TEXT or "\N{REPLACEMENT CHARACTER}" in found:
        raise PageChanged(f"The layout changed: {what} is “{found[:LONGEST_TEXT]}”.")
    return found


def parsed(page: Page, encoding: str = "utf-8", most_tags: int = MOST_TAGS) -> LexborHTMLParser:
    """The tree of whatever page it is; PageChanged when it is too long, or has more tags than a page has."""
    if len(page.body) > LONGEST_MARKUP:
        raise PageChanged(f"The page has {len(page.body):,} bytes, more than the {LONGEST_MARKUP:,} we read.")
    if page.body.count(b"<") > most_tags:
        raise PageChanged(f"The page has more than {most_tags:,} tags.")
    # A broken byte in an advert is no harm; in what we read, `_short` refuses it.
    return LexborHTMLParser(page.body.decode("utf-8-sig" if encoding == "utf-8" else encoding, "replace"))
