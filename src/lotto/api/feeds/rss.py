"""RSS 2.0, with the two elements of Atom that it has no word for: where it lies, and when an item was updated."""

from datetime import UTC, datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from lotto.api.feeds import atom
from lotto.api.feeds.feed import Entry, Feed
from lotto.api.feeds.markup import document, instant, leaf

MEDIA = "application/rss+xml"


def written(feed: Feed) -> bytes:
    """The feed as a document."""
    root = ET.Element("rss", {"version": "2.0", "xmlns:atom": atom.NAMESPACE})
    channel = leaf(root, "channel")
    leaf(channel, "title", feed.title)
    leaf(channel, "link", feed.url)
    leaf(channel, "description", feed.about)
    leaf(channel, "language", feed.lang)
    leaf(channel, "lastBuildDate", _date(feed.updated))
    leaf(channel, "generator", "Lotto")
    leaf(channel, "docs", "https://www.rssboard.org/rss-specification")
    leaf(channel, "atom:link", rel="self", type=MEDIA, href=feed.address("rss"))
    for one in feed.entries:
        _write(channel, one)
    return document(root)


def _write(channel: ET.Element, one: Entry) -> None:
    item = leaf(channel, "item")
    leaf(item, "title", one.title)
    leaf(item, "link", one.url)
    leaf(item, "guid", one.id, isPermaLink="false")
    leaf(item, "pubDate", _date(one.published))
    leaf(item, "atom:updated", instant(one.updated))
    leaf(item, "category", one.game)
    leaf(item, "description", one.html)
    if one.picture:
        leaf(item, "enclosure", url=one.picture.url, length=str(one.picture.size), type=one.picture.media)


def _date(at: datetime) -> str:
    """As RFC 822 writes it, with the year whole."""
    return format_datetime(at.astimezone(UTC), usegmt=True)
