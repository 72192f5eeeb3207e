"""What we send has the shape that real servers took, and what they answered is understood: recordings of exchanges."""

import gzip
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec
import pytest
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from conftest import RECORDINGS, run
from lotto.door import Door
from lotto.house import wall_clock
from lotto.publisher import networks
from lotto.publisher.networks.network import Network, Outside, Posted, Refused
from lotto.replay.rules.rules import parted
from lotto.serving import serving
from lotto.shelf import standing
from practiced import ACCOUNTS
from test_every_network import sheet, telling

SOCIAL = RECORDINGS / "social"
SHELF = standing(networks, Network)


@dataclass
class Exchange:
    """One request that a real server took, and its answer."""

    method: str
    path: str
    fields: frozenset[str]
    """The names of what the request says."""
    status: int
    answer: bytes


@dataclass
class Recorded:
    """A server that answers as a real one did, and keeps what it was asked."""

    answers: Mapping[tuple[str, str], tuple[int, bytes]]
    asked: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        path = request.url.path.rstrip("/")
        self.asked.append((request.method, path, await _said(request)))
        status, body = self.answers.get((request.method, path), (404, b"{}"))
        home = str(request.base_url).rstrip("/")
        return Response(body.replace(b"https://www.example.com", home.encode()), status, media_type="application/json")


async def _said(request: Request) -> frozenset[str]:
    media = request.headers.get("content-type", "")
    if media.startswith("multipart/"):
        fields, files = await parted(request)
        return frozenset([*fields, *files])
    return _names((await request.body()).decode(errors="replace"), media)


def _names(body: str, media: str) -> frozenset[str]:
    if not body:
        return frozenset()
    if "json" in media:
        return frozenset(json.loads(body))
    return frozenset(name for name, _ in parse_qsl(body)) if "urlencoded" in media else frozenset()


def cassette(file: str) -> list[Exchange]:
    """The exchanges of a cassette of VCR or Betamax."""
    whole = yaml.safe_load((SOCIAL / file).read_bytes())
    found = []
    for one in whole["interactions"]:
        asked, told = one["request"], one["response"]
        uri = urlsplit(asked["uri"])
        media = (asked["headers"].get("Content-Type") or [""])[0]
        body = asked["body"]
        body = body.get("string", "") if isinstance(body, dict) else body or ""
        said = told["body"]["string"]
        raw = said if isinstance(said, bytes) else said.encode()
        raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        names = _names(body, media) if isinstance(body, str) else frozenset()
        code = told["status"]["code"]
        found.append(Exchange(asked["method"], uri.path.rstrip("/"), names, code, raw))
    return found


def tell(
    name: str, answers: Mapping[tuple[str, str], tuple[int, bytes]], story: Callable[[Network], Any]
) -> tuple[Any, list[tuple[str, str, frozenset[str]]]]:
    """Tells a story of our account at a server with these answers; returns what came of it and what was asked."""
    server = Recorded(answers)
    app = Starlette(routes=[Route("/{rest:path}", server.answer, methods=["GET", "POST", "PUT", "DELETE"])])

    async def whole(door: Door) -> Any:
        async with serving(app, "127.0.0.1", 0) as port:
            told, secrets = ACCOUNTS[name]
            at = f"http://127.0.0.1:{port}"
            table = {"network": name, **{key: one.format(at=at) for key, one in told.items()}}
            facts = msgspec.convert(table, SHELF[name].facts)
            return await story(facts.open(name, secrets, Outside(door, Path(), "https://lotto.example", wall_clock)))

    return run(telling(whole)), server.asked


def as_answers(exchanges: list[Exchange]) -> dict[tuple[str, str], tuple[int, bytes]]:
    return {(one.method, one.path): (one.status, one.answer) for one in exchanges}


def body(file: str) -> bytes:
    return (SOCIAL / file).read_bytes()


def test_mastodon_takes_a_status_its_edit_and_its_removal_as_we_send_them() -> None:
    posted, edited = cassette("mastodon/test_status_post_public.yaml"), cassette("mastodon/test_status_edit.yaml")
    (create, remove), change = posted, next(one for one in edited if one.method == "PUT")

    async def story(network: Network) -> Posted:
        first = await network.post(sheet(network, picture=False))
        await network.remove(first.remote_id, sheet(network))
        assert (await network.edit(change.path.rpartition("/")[2], sheet(network, picture=False))).url
        return first

    first, asked = tell("mastodon", as_answers([create, remove, change]), story)
    assert first.remote_id == json.loads(create.answer)["id"]
    assert first.url == json.loads(create.answer)["url"]
    assert [(method, path) for method, path, _ in asked] == [(one.method, one.path) for one in (create, remove, change)]
    assert create.fields <= asked[0][2]
    assert change.fields <= asked[2][2]


def test_mastodon_takes_a_picture_as_we_send_it_and_tells_its_limits() -> None:
    (media, *_), (instance,) = cassette("mastodon/test_media_post_file.yaml"), cassette("mastodon/test_instance.yaml")
    (status, _) = cassette("mastodon/test_status_post_public.yaml")

    async def story(network: Network) -> Network:
        await network.learn()
        await network.post(sheet(network))
        return network

    network, asked = tell("mastodon", as_answers([media, instance, status]), story)
    assert (network.longest, network.images.bytes) == (500, 16_777_216)
    uploaded = next(one for one in asked if one[1] == media.path)
    assert uploaded[2] == {"file", "description"}


def test_x_takes_a_post_and_its_removal_as_we_send_them() -> None:
    create, remove = cassette("x/test_client_create_and_delete_tweet.yaml")
    me = {("GET", "/2/users/me"): (200, b'{"data": {"id": "7", "username": "lotto"}}')}

    async def story(network: Network) -> Posted:
        first = await network.post(sheet(network, picture=False))
        await network.remove(first.remote_id, sheet(network))
        return first

    first, asked = tell("x", {**as_answers([create, remove]), **me}, story)
    assert first.remote_id == "1456012973835788293"
    assert [one for one in asked if one[0] != "GET"] == [
        ("POST", create.path, create.fields),
        ("DELETE", remove.path, frozenset()),
    ]


def test_reddit_takes_a_submission_as_we_send_it() -> None:
    gate, submit = cassette("reddit/TestSubreddit.test_submit__selftext.json")[:2]

    async def story(network: Network) -> Posted:
        return await network.post(sheet(network, picture=False))

    posted, asked = tell("reddit", as_answers([gate, submit]), story)
    assert posted.remote_id == "t3_4bbe4b"
    assert posted.url.endswith("/comments/4bbe4b/test_title/")
    assert [(method, path) for method, path, _ in asked] == [(one.method, one.path) for one in (gate, submit)]
    assert asked[1][2] == submit.fields
    assert "grant_type" in gate.fields & asked[0][2]


def test_facebook_answers_are_understood() -> None:
    page = "/v25.0/175154750010052"
    post = json.loads(body("facebook/single_post_data.json"))
    photo = json.loads(body("facebook/photo_info_fields.json"))["id"]
    listed = json.dumps({"data": [post]}).encode()
    answers = {
        ("GET", f"{page}/published_posts"): (200, listed),
        ("POST", f"{page}/photos"): (200, json.dumps({"id": photo}).encode()),
        ("POST", f"{page}/feed"): (400, body("facebook/error.json")),
    }

    async def story(network: Network) -> tuple[Posted | None, str]:
        found = await network.find(sheet(network, post["message"]))
        with pytest.raises(Refused) as told:
            await network.post(sheet(network))
        return found, str(told.value)

    (found, said), _ = tell("facebook", answers, story)
    assert found == Posted(post["id"], f"https://www.facebook.com/{post['id']}")
    assert "Pages Public Content Access requires" in said
    assert said.endswith("(100)")


def test_instagram_containers_are_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    user = "/v25.0/17841400000000001"
    container = json.loads(body("instagram/create_photo.json"))["id"]
    published = json.loads(body("instagram/publish_container.json"))["id"]
    answers = {
        ("GET", user): (200, b'{"username": "lotto"}'),
        ("GET", f"{user}/content_publishing_limit"): (200, body("instagram/publish_limit_resp.json")),
        ("POST", f"{user}/media"): (200, body("instagram/create_photo.json")),
        ("GET", f"/v25.0/{container}"): (200, body("instagram/container_info.json")),
        ("POST", f"{user}/media_publish"): (200, body("instagram/publish_container.json")),
    }

    async def story(network: Network) -> tuple[str, Posted]:
        return await network.check(), await network.post(sheet(network))

    (said, posted), _ = tell("instagram", answers, story)
    assert said == "@lotto has published 0 of 25 posts a day."
    assert posted == Posted(published, None), "its address is not in the recording, and it stands all the same"


def test_slack_answers_have_the_fields_that_we_read() -> None:
    place, done = (
        json.loads(body(f"slack/files.{one}.json")) for one in ("getUploadURLExternal", "completeUploadExternal")
    )
    place |= {"ok": True, "upload_url": "https://www.example.com/upload"}
    done |= {"ok": True}
    us = {"ok": True, "url": "https://news.slack.com/", "bot_id": "B1"}
    answers = {
        ("POST", "/api/auth.test"): (200, json.dumps(us).encode()),
        ("POST", "/api/files.getUploadURLExternal"): (200, json.dumps(place).encode()),
        ("POST", "/upload"): (200, b"OK - 12"),
        ("POST", "/api/files.completeUploadExternal"): (200, json.dumps(done).encode()),
        ("POST", "/api/chat.postMessage"): (200, b'{"ok": true, "ts": "1764500000.000001"}'),
    }

    async def story(network: Network) -> Posted:
        return await network.post(sheet(network))

    posted, asked = tell("slack", answers, story)
    assert posted.url == "https://news.slack.com/archives/C012AB3CD/p1764500000000001"
    assert asked[1][2] == {"filename", "length", "alt_txt"}
    assert "alt_txt" in done["files"][0]
