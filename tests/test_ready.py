"""Ready bytes: given again while they are true, never after a change, and to as many as ask at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from conftest import run
from lotto.asgi import ready
from lotto.asgi.ready import Ready
from lotto.ledger.pulse import Pulse

PUBLIC = ((b"cache-control", b"public, max-age=0"), (b"etag", b'"tag"'), (b"content-type", b"application/json"))


@pytest.fixture
def pulse() -> Pulse:
    """A pulse kept by hand."""
    found = Pulse()
    found.turn, found.beats = 1, True
    return found


@dataclass
class Asked:
    """An app that counts what it is asked, and answers with the count."""

    headers: tuple[tuple[bytes, bytes], ...] = PUBLIC
    status: int = 200
    meanwhile: Callable[[], Any] = lambda: None
    parts: int = 1
    count: int = 0
    scopes: list[Scope] = field(default_factory=list)

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        self.count += 1
        self.scopes.append(scope)
        body = b"%d" % self.count
        await asyncio.sleep(0)
        self.meanwhile()
        await send({"type": "http.response.start", "status": self.status, "headers": list(self.headers)})
        for left in reversed(range(self.parts)):
            await send({"type": "http.response.body", "body": body, "more_body": left > 0})


async def get(app: Ready, path: str = "/api/v1/x", query: bytes = b"", method: str = "GET", **headers: str):
    """Status, headers and body of the answer."""
    heard: list[Message] = []

    async def send(message: Message) -> None:
        heard.append(message)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": named}
    await app(scope, receive, send)
    return heard[0]["status"], dict(heard[0]["headers"]), b"".join(one.get("body", b"") for one in heard[1:])


def bodies(app: Ready, *asks: dict[str, Any]) -> list[bytes]:
    """What is answered to these, one after another."""

    async def within():
        return [(await get(app, **ask))[2] for ask in asks]

    return run(within())


def test_an_answer_is_given_again_without_asking(pulse):
    app = Asked()
    assert bodies(Ready(app, pulse), {}, {}, {}) == [b"1", b"1", b"1"]
    assert app.count == 1


def test_after_a_change_it_is_asked_anew(pulse):
    async def story():
        app = Ready(Asked(), pulse)
        before = await get(app)
        pulse.turn += 1
        return before[2], (await get(app))[2]

    assert run(story()) == (b"1", b"2")


def test_what_moves_without_a_word_is_no_older_than_a_moment(pulse, monkeypatch):
    monkeypatch.setattr(ready, "FRESH", 0.0)
    assert bodies(Ready(Asked(), pulse), {}, {}) == [b"1", b"2"]


def test_an_answer_begun_before_a_change_is_never_given_after_it(pulse):
    def change() -> None:
        if app.count == 1:
            pulse.turn += 1

    app = Asked(meanwhile=change)
    assert bodies(Ready(app, pulse), {}, {}, {}) == [b"1", b"2", b"2"]


def test_of_many_who_ask_at_once_one_asks_the_app(pulse):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        heard = await asyncio.gather(*(get(wrapped) for _ in range(50)))
        return app.count, {body for _, _, body in heard}

    assert run(story()) == (1, {b"1"})


def test_who_waited_for_an_answer_that_a_change_overtook_gets_a_new_one(pulse):
    def change() -> None:
        if app.count == 1:
            pulse.turn += 1

    app = Asked(meanwhile=change)

    async def story():
        wrapped = Ready(app, pulse)
        return [body for _, _, body in await asyncio.gather(*(get(wrapped) for _ in range(3)))]

    assert run(story()) == [b"1", b"2", b"2"]


@pytest.mark.parametrize("word", ["max-age=0", "no-cache"])
def test_who_takes_nothing_old_is_given_nothing_begun_before_he_asked(pulse, word):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        before = await get(wrapped)
        under_way = asyncio.create_task(get(wrapped, path="/other"))
        await asyncio.sleep(0)
        joined = await get(wrapped, path="/other", cache_control=word)
        fresh = await asyncio.gather(*(get(wrapped, cache_control=word) for _ in range(50)))
        return before[2], (await under_way)[2], joined[2], {body for _, _, body in fresh}, (await get(wrapped))[2]

    # The first of fifty is asked for at once, and all who came after it was begun share the next.
    assert run(story()) == (b"1", b"2", b"3", {b"4", b"5"}, b"5")


def test_who_leaves_while_he_is_asked_for_all_keeps_nobody_waiting(pulse):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        first = asyncio.create_task(get(wrapped))
        others = [asyncio.create_task(get(wrapped)) for _ in range(3)]
        await asyncio.sleep(0)
        first.cancel()
        async with asyncio.timeout(10):
            return [(await other)[0] for other in others]

    assert run(story()) == [200, 200, 200]


@pytest.mark.parametrize("headers", [PUBLIC, ((b"cache-control", b"no-store"),)], ids=["export", "live"])
def test_a_stream_keeps_nobody_waiting(pulse, headers):
    async def story():
        flowing = asyncio.Event()

        async def endless(scope: Scope, _: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
            flowing.set()
            await send({"type": "http.response.body", "body": b"said", "more_body": True})
            if b"first" in dict(scope["headers"]):
                await asyncio.Event().wait()
            await send({"type": "http.response.body", "body": b""})

        wrapped = Ready(endless, pulse)
        first = asyncio.create_task(get(wrapped, first="yes"))
        second = asyncio.create_task(get(wrapped))
        async with asyncio.timeout(10):
            await flowing.wait()
            heard = await second
        first.cancel()
        return heard[2]

    assert run(story()) == b"said"


@pytest.mark.parametrize(
    "app",
    [
        Asked(status=404),
        Asked(status=500),
        Asked(headers=((b"etag", b'"tag"'),)),
        Asked(headers=((b"cache-control", b"no-store"), (b"etag", b'"tag"'))),
        Asked(headers=((b"cache-control", b"public"),)),
        Asked(headers=(*PUBLIC, (b"vary", b"Cookie"))),
    ],
)
def test_what_is_not_the_same_for_everyone_is_not_kept(pulse, app):
    assert bodies(Ready(app, pulse), {}, {}) == [b"1", b"2"]


def test_only_gets_are_answered_so(pulse):
    assert bodies(Ready(Asked(), pulse), {}, {"method": "POST"}, {}) == [b"1", b"2", b"1"]


def test_other_questions_and_other_encodings_are_other_answers(pulse):
    asks = [{}, {"path": "/other"}, {"query": b"a=1"}, {"accept_encoding": "gzip"}]
    assert bodies(Ready(Asked(), pulse), *asks, *asks) == [b"1", b"2", b"3", b"4"] * 2


def test_what_comes_in_parts_is_not_kept(pulse):
    assert bodies(Ready(Asked(parts=3), pulse), {}, {}) == [b"111", b"222"]


def test_what_is_too_large_is_not_kept(pulse, monkeypatch):
    monkeypatch.setattr(ready, "LARGEST", 0)
    assert bodies(Ready(Asked(), pulse), {}, {}) == [b"1", b"2"]


def test_what_was_made_longest_ago_makes_room(pulse, monkeypatch):
    monkeypatch.setattr(ready, "MOST", 2)
    asks = [{"path": "/a"}, {"path": "/b"}, {"path": "/c"}, {"path": "/b"}, {"path": "/a"}]
    assert bodies(Ready(Asked(), pulse), *asks) == [b"1", b"2", b"3", b"2", b"4"]


def test_who_knows_the_bytes_is_told_so_from_the_first_time_on(pulse):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        heard = [await get(wrapped, if_none_match=asked) for asked in ('"tag"', '"tag"', 'W/"tag", "b"', '"b"', "*")]
        assert app.count == 1
        assert b"if-none-match" not in dict(app.scopes[0]["headers"])
        assert all(b"content-type" not in headers for status, headers, _ in heard if status == 304)
        return [(status, body) for status, _, body in heard]

    assert run(story()) == [(304, b""), (304, b""), (304, b""), (200, b"1"), (304, b"")]


def test_while_the_ledger_is_away_the_last_answer_is_given_as_old(pulse, monkeypatch):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        assert b"warning" not in (await get(wrapped))[1]
        monkeypatch.setattr(ready, "FRESH", 0.0)
        pulse.beats = False
        pulse.turn += 1
        status, headers, body = await get(wrapped)
        assert (status, body, app.count) == (200, b"1", 1)
        assert headers[b"age"] == b"0"
        assert b"stale" in headers[b"warning"]
        assert (await get(wrapped, path="/never-asked"))[2] == b"2"
        pulse.beats = True
        status, headers, body = await get(wrapped)
        assert (body, b"warning" in headers) == (b"3", False)

    run(story())


def test_before_the_pulse_feels_that_the_ledger_is_away_a_503_is_the_last_answer_as_well(pulse):
    async def story():
        app = Asked()
        wrapped = Ready(app, pulse)
        await get(wrapped)
        app.status, app.headers = 503, ()
        pulse.turn += 1
        status, headers, body = await get(wrapped)
        assert (status, body, b"age" in headers) == (200, b"1", True)
        assert (await get(wrapped, path="/never-asked"))[0] == 503

    run(story())
