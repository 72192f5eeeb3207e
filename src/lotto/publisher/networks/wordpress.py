"""WordPress: a post on the newsroom's own site, found again by a slug that is made from our key.

The picture goes into the site's media library with its words, under a slug of its own, and is the post's featured
image. An edit changes words and picture.
Source: WordPress REST API, `wp/v2/posts`, `wp/v2/media`; Application Passwords.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any, ClassVar
from urllib.parse import urlsplit

from lotto.door import Door
from lotto.publisher.asking import Api, Body, as_json, objecting
from lotto.publisher.counting import LINK
from lotto.publisher.networks.network import Facts, Guard, Images, Network, Outside, Posted, Refused, Sheet


class WordpressFacts(Facts, kw_only=True):
    """`site` is the site's address, `user` who writes there; `category` the id of a category, a number."""

    site: str
    user: str
    category: int = 0

    @property
    def servers(self) -> Sequence[str]:
        return (self.site,)

    def faults(self) -> Iterator[tuple[str, str]]:
        parts = urlsplit(self.site)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            yield "site", f"“{self.site}” is not a site; write it like https://news.example.org."
        if not self.user:
            yield "user", "`user` is empty; write the name with which you log in."

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Wordpress":
        return Wordpress(self, secrets["application_password"], outside.door)


class Wordpress(Network):
    """A site that runs WordPress 5.6 or later."""

    guard = Guard.LOOK_BACK
    lag = 10.0
    longest = 20_000
    images = Images(bytes=8_000_000)
    alt_text = True
    credentials: ClassVar[Mapping[str, str]] = {
        "application_password": "An application password of that user (Users, Profile, Application Passwords)."
    }
    edits = True
    facts = WordpressFacts

    def __init__(self, facts: WordpressFacts, password: str, door: Door) -> None:
        self._category = facts.category
        login = b64encode(f"{facts.user}:{password}".encode()).decode()
        base = f"{facts.site.rstrip('/')}/wp-json/wp/v2"
        words = objecting("WordPress", lambda told: f"{told.get('message', '')} ({told.get('code', '')})")
        self._api = Api(door, base, {"Authorization": f"Basic {login}"}, words, (password, login))

    async def check(self) -> str:
        me = await self._api.get("users/me", {"context": "edit"})
        may = me["capabilities"]
        if not (may.get("publish_posts") and may.get("upload_files")):
            raise Refused(f"{me['name']} may not publish posts and upload files here; make the user an author.")
        return f"{me['name']} may publish posts."

    async def post(self, sheet: Sheet) -> Posted:
        wish = await self._content(sheet)
        return _posted(await self._api.call("POST", "posts", as_json({**wish, "slug": _slug(sheet)})))

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """A post of its own: there are no answers."""
        return await self.post(sheet)

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        wish = as_json(await self._content(sheet))
        return _posted(await self._api.call("POST", f"posts/{remote_id}", wish, harmless=True))

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        """Into the site's trash, where a person finds it."""
        await self._api.delete(f"posts/{remote_id}")
        return Posted(remote_id)

    async def find(self, sheet: Sheet) -> Posted | None:
        """By our key; by its words where it was planned anew after a restore."""
        keyed = await self._api.get("posts", {"slug": _slug(sheet)})
        if keyed:
            return _posted(keyed[0])
        title, content = _written(sheet)
        since = sheet.since.strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"search": title, "after": since, "context": "edit", "per_page": "100"}
        for one in await self._api.get("posts", query):
            if (one["title"]["raw"], one["content"]["raw"]) == (title, content):
                return _posted(one)
        return None

    async def _content(self, sheet: Sheet) -> dict[str, Any]:
        title, content = _written(sheet)
        wish: dict[str, Any] = {"title": title, "content": content, "status": "publish"}
        if self._category:
            wish["categories"] = [self._category]
        if sheet.image is not None:
            wish["featured_media"] = await self._upload(sheet, sheet.image)
        return wish

    async def _upload(self, sheet: Sheet, image: bytes) -> int:
        """The picture in the media library; that of an earlier try is taken again."""
        slug = f"{_slug(sheet)}-card"
        known = await self._api.get("media", {"slug": slug})
        if known:
            return int(known[0]["id"])
        headers = {"Content-Disposition": f'attachment; filename="{sheet.file}"'}
        body = Body(image, sheet.media)
        media = await self._api.call("POST", "media", body, headers=headers, harmless=True)
        words = as_json({"alt_text": sheet.alt, "slug": slug})
        await self._api.call("POST", f"media/{media['id']}", words, harmless=True)
        return int(media["id"])


def _slug(sheet: Sheet) -> str:
    return f"lotto-{sheet.key}"


def _written(sheet: Sheet) -> tuple[str, str]:
    """Title and content: the first line, and the others as a paragraph each."""
    title, *lines = sheet.text.splitlines()
    return title, "\n".join(f"<p>{_linked(line)}</p>" for line in lines)


def _linked(line: str) -> str:
    safe = escape(line, quote=True)
    return LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', safe)


def _posted(post: Mapping[str, Any]) -> Posted:
    return Posted(str(post["id"]), post["link"])
