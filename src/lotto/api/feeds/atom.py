"""Atom (RFC 4287)."""

from xml.etree import ElementTree as ET

from lotto.api.feeds.feed import Entry, Feed
from lotto.api.feeds.markup import document, instant, leaf

MEDIA = "application/atom+xml"

NAMESPACE = "http://www.w3.org/2005/Atom"


def written(feed: Feed) -> bytes:
    """The feed as a document."""
    root = ET.Element("feed", {"xmlns": NAMESPACE, "xml:lang": feed.lang})
    leaf(root, "id", feed.id)
    leaf(root, "title", feed.title)
    leaf(root, "subtitle", feed.about)
    leaf(root, "updated", instant(feed.updated))
    leaf(leaf(root, "author"), "name", "Lotto")
    leaf(root, "generator", "Lotto")
    leaf(root, "link", rel="self", type=MEDIA, href=feed.address("atom"))
    leaf(root, "link", rel="alternate", type="text/html", hreflang=feed.lang, href=feed.url)
    for one in feed.entries:
        _write(root, one, feed.lang)
    return document(root)


def _write(root: ET.Element, one: Entry, lang: str) -> None:
    entry = leaf(root, "entry")
    leaf(entry, "id", one.id)
    leaf(entry, "title", one.title)
    leaf(entry, "updated", instant(one.updated))
    leaf(entry, "published", instant(one.published))
    leaf(entry, "link", rel="alternate", type="text/html", hreflang=lang, href=one.url)
    if one.picture:
        card = one.picture
        leaf(entry, "link", rel="enclosure", type=card.media, length=str(card.size), title=card.alt, href=card.url)
    leaf(entry, "category", term=one.draw.key.lottery, label=one.game)
    leaf(entry, "summary", one.text)
    leaf(entry, "content", one.html, type="html")
