"""Instagram: a picture with its caption, looked for before it is published again.

Instagram fetches the picture from us, as JPEG and nothing else, and shows no post without one. Captions cannot be
edited, so a correction is a comment.
Source: Instagram Platform, “Content Publishing”, IG User `media`, `media_publish`, IG Media `comments`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import ClassVar

from lotto.door import Door
from lotto.publisher.asking import Api, as_form
from lotto.publisher.dialects import meta
from lotto.publisher.networks.network import AtServer, Guard, Images, Network, Outside, Posted, Refused, Sheet
from lotto.publisher.timing import Rate

ALT = 1_000
"""Characters of a picture's description."""


class InstagramFacts(AtServer, kw_only=True):
    """`user` is the professional account's id, a number; `server` the host that its token is for."""

    user: str
    server: str = "https://graph.facebook.com"

    def faults(self) -> Iterator[tuple[str, str]]:
        yield from super().faults()
        if not self.user.isdigit():
            yield "user", f"“{self.user}” is not an account's id; it is a number, not the name with @."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Instagram":
        return Instagram(self.server, self.user, secrets["access_token"], outside.door)


class Instagram(Network):
    """A professional account."""

    pictures_only = True
    guard = Guard.LOOK_BACK
    rates = (Rate(50, timedelta(days=1)),)
    """Source: Instagram Platform: “IG User Content Publishing Limit” says currently 50 in a moving day, “Content
    Publishing” 100. The server tells its own; until then the lower holds."""
    lag = 10.0
    longest = 2_200
    images = Images(bytes=8_000_000, media=frozenset({"image/jpeg"}), by_address=True)
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "access_token": "A long-lived token with instagram_basic, instagram_content_publish and "
        "instagram_manage_comments for this account."
    }
    facts = InstagramFacts

    def __init__(self, server: str, user: str, token: str, door: Door) -> None:
        self._user = user
        self._token = token
        base = f"{server.rstrip('/')}/{meta.VERSION}"
        self._api = Api(door, base, {"Authorization": f"Bearer {token}"}, meta.objection("Instagram"), (token,))

    async def check(self) -> str:
        who = await self._api.get(self._user, {"fields": "username"})
        quota = await meta.quota(self._api, f"{self._user}/content_publishing_limit")
        return f"@{who['username']} has published {quota.used} of {quota.rate.most} posts a day."

    async def learn(self) -> None:
        self.rates = ((await meta.quota(self._api, f"{self._user}/content_publishing_limit")).rate,)

    async def expires(self) -> datetime | None:
        return await meta.expiry(self._api, self._token)

    async def post(self, sheet: Sheet) -> Posted:
        if not sheet.card_url:
            raise Refused("Instagram shows no post without a picture, and takes it as JPEG.")
        wish = {"image_url": sheet.card_url, "caption": sheet.text, "alt_text": sheet.alt[:ALT]}
        media, publishing = f"{self._user}/media", f"{self._user}/media_publish"
        found = await meta.publish(self._api, media, wish, publishing, "status_code")
        return Posted(found, await meta.address(self._api, found))

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A comment: the picture of a post cannot be another one."""
        told = await self._api.call("POST", f"{remote_id}/comments", as_form({"message": sheet.text}))
        return Posted(str(told["id"]))

    async def find(self, sheet: Sheet) -> Posted | None:
        if sheet.answers:
            query = {"fields": "id,text,timestamp"}
            async for one in meta.listed(self._api, f"{sheet.answers}/comments", query, "timestamp", sheet):
                if one.get("text", "").split() == sheet.text.split():
                    return Posted(one["id"])
            return None
        query = {"fields": "id,caption,timestamp,permalink"}
        async for one in meta.listed(self._api, f"{self._user}/media", query, "timestamp", sheet):
            if one.get("caption", "").split() == sheet.text.split():
                return Posted(one["id"], one["permalink"])
        return None
