"""Facebook: a Page's post, looked for before it is sent again.

The picture is uploaded unpublished with its words, seen by nobody, and shown by the post. An edit could change the
words but not the picture, so a correction is a comment on the post.
Source: Graph API v25.0, Page `feed`, `photos`, `published_posts`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

import msgspec

from lotto.door import Door
from lotto.publisher.asking import Api, File, as_form, as_parts
from lotto.publisher.dialects import meta
from lotto.publisher.networks.network import AtServer, Guard, Images, Network, Outside, Posted, Sheet
from lotto.publisher.timing import Rate


class FacebookFacts(AtServer, kw_only=True):
    """`page` is the Page's id, a number; `server` another one than Facebook's for practice."""

    page: str
    server: str = "https://graph.facebook.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.page.isdigit():
            yield (
                "page",
                f"“{self.page}” is not a Page's id; it is a number and stands in the Page's transparency section.",
            )

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Facebook":
        return Facebook(self.server, self.page, secrets["page_token"], outside.door)


class Facebook(Network):
    """A Page, by a token of its own."""

    guard = Guard.LOOK_BACK
    rates = (Rate(1_600, timedelta(days=1)),)
    """Source: Graph API, “Rate Limits”: 4,800 calls a day for each who engaged with the Page lately, of which a post
    with its picture takes two, and one in doubt a third. With more of them it is more; that is not counted on."""
    lag = 10.0
    longest = 63_206
    images = Images(bytes=4_000_000, media=frozenset({"image/png", "image/jpeg"}))
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "page_token": "The Page's access token with pages_manage_posts, pages_read_engagement and "
        "pages_manage_engagement, made from a long-lived user token so that it does not end."
    }
    facts = FacebookFacts

    def __init__(self, server: str, page: str, token: str, door: Door) -> None:
        self._page = page
        self._token = token
        base = f"{server.rstrip('/')}/{meta.VERSION}"
        self._api = Api(door, base, {"Authorization": f"Bearer {token}"}, meta.objection("Facebook"), (token,))

    async def check(self) -> str:
        page = await self._api.get(self._page, {"fields": "id,name"})
        await self._api.get(f"{self._page}/published_posts", {"limit": "1", "fields": "id"})
        return f"The Page {page['name']} may be posted for."

    async def expires(self) -> datetime | None:
        return await meta.expiry(self._api, self._token)

    async def post(self, sheet: Sheet) -> Posted:
        wish = {"message": sheet.text}
        if sheet.image is not None:
            photo = await self._upload(sheet, sheet.image)
            wish["attached_media[0]"] = msgspec.json.encode({"media_fbid": photo}).decode()
        return _posted((await self._api.call("POST", f"{self._page}/feed", as_form(wish)))["id"])

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = {"message": sheet.text}
        if sheet.image is not None:
            wish["attachment_id"] = await self._upload(sheet, sheet.image)
        return _posted((await self._api.call("POST", f"{remote_id}/comments", as_form(wish)))["id"])

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        await self._api.delete(remote_id)
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        path = f"{sheet.answers}/comments" if sheet.answers else f"{self._page}/published_posts"
        more = {"order": "reverse_chronological"} if sheet.answers else {}
        query = {"fields": "id,message,created_time", **more}
        async for one in meta.listed(self._api, path, query, "created_time", sheet):
            if one.get("message", "").split() == sheet.text.split():
                return _posted(one["id"])
        return None

    async def _upload(self, sheet: Sheet, image: bytes) -> str:
        fields = {"published": "false", "alt_text_custom": sheet.alt}
        body = as_parts(fields, File("source", sheet.file, image, sheet.media))
        return str((await self._api.call("POST", f"{self._page}/photos", body, harmless=True))["id"])


def _posted(found: str) -> Posted:
    return Posted(found, f"https://www.facebook.com/{found}")
