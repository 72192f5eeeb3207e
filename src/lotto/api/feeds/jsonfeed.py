"""JSON Feed 1.1; what machines want of a draw stands in the extension `_lotto` of each item."""

from typing import Any

import msgspec

from lotto.api.feeds.feed import Entry, Feed
from lotto.api.feeds.markup import instant

MEDIA = "application/feed+json"


def written(feed: Feed) -> bytes:
    """The feed as a document."""
    return msgspec.json.encode(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "description": feed.about,
            "home_page_url": feed.url,
            "feed_url": feed.address("json"),
            "language": feed.lang,
            "authors": [{"name": "Lotto"}],
            "items": [_item(one, feed.lang) for one in feed.entries],
        }
    )


def _item(one: Entry, lang: str) -> dict[str, Any]:
    draw, card = one.draw, one.picture
    item: dict[str, Any] = {
        "id": one.id,
        "url": one.url,
        "title": one.title,
        "content_text": one.text,
        "content_html": one.html,
        "date_published": instant(one.published),
        "date_modified": instant(one.updated),
        "tags": [one.game],
        "language": lang,
        "_lotto": {
            "lottery": draw.key.lottery,
            "date": draw.key.date,
            "label": draw.key.label,
            "status": draw.status,
            "revision": draw.revision,
            "update": draw.update,
            "numbers": draw.numbers,
        },
    }
    if card:
        item["image"] = card.url
        item["attachments"] = [
            {"url": card.url, "mime_type": card.media, "title": card.alt, "size_in_bytes": card.size}
        ]
    return item
