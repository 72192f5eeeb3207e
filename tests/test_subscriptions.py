"""Subscriptions: whoever has a key for it says what his webhooks are told, and sees how that goes; the operator too."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from fastapi import HTTPException

from conftest import Clock, run
from lotto.api import asyncapi
from lotto.api.routes import webhooks as webhooks_route
from lotto.api.routes.webhooks import MOST
from lotto.door import Refused
from lotto.events import Type
from lotto.house import House, Practice, wall_clock
from lotto.ledger import webhooks
from lotto.publisher import courier as couriers
from lotto.report import verdict
from lotto.seal import Seal
from lotto.settings import Settings
from receiver import receiving
from test_limits import a_key
from test_webhooks import AT, Standard, event, say

HOOKS = "/api/v1/webhooks"


@pytest.fixture
def house(database_url, redis_url, tmp_path: Path) -> House:
    practice = Practice("http://127.0.0.1:1", Clock(AT))
    house = House(Settings(data_dir=tmp_path), database_url=database_url, redis_url=redis_url, practice=practice)
    Seal.made(house.settings.secret_key)
    return house


@asynccontextmanager
async def asking(house: House, key: str | None) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody who asks with that key."""
    async with house.api() as app:
        way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx2.AsyncClient(transport=way, base_url="http://lotto", headers=headers) as client:
            yield client


@asynccontextmanager
async def delivering(house: House) -> AsyncIterator[None]:
    """The courier at work while the block runs."""
    async with house.ledger("test") as ledger, house.courier(ledger) as courier:
        task = asyncio.create_task(courier.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def settled(client: httpx2.AsyncClient, path: str) -> dict:
    async with asyncio.timeout(20):
        while (found := (await client.get(path)).json())["state"] == "waiting":
            await asyncio.sleep(0.02)
    return found


def test_a_key_subscribes_is_told_and_sees_how_that_went(house, monkeypatch):
    monkeypatch.setattr(couriers, "POLL", 0.02)

    async def story():
        key = await a_key(house, "webhooks")
        async with asking(house, key) as client, receiving() as here, house.ledger("test") as ledger:
            made = await client.post(HOOKS, json={"url": here.url, "countries": ["us"], "note": "mine"})
            assert made.status_code == 201, made.text
            assert made.headers["cache-control"] == "private, no-store"
            secret, path = made.json().pop("secret"), f"{HOOKS}/{made.json()['id']}"
            shown = (await client.get(path)).json()
            assert shown == {name: value for name, value in made.json().items() if name != "secret"}
            assert (await client.get(HOOKS)).json() == {"items": [shown], "next": None}
            async with delivering(house):
                await say(ledger, event())
                (test,) = [(await client.post(f"{path}/test")).json()]
                assert (test["type"], test["state"], test["tries"]) == ("test", "waiting", [])
                went = await settled(client, f"{path}/deliveries/{test['id']}")
                assert [(one["status"], one["says"]) for one in went["tries"]] == [(204, "It answered 204.")]
                async with asyncio.timeout(20):
                    while len(here.came) < 2:
                        await asyncio.sleep(0.02)
                log = (await client.get(f"{path}/deliveries", params={"state": "delivered", "limit": 1})).json()
                assert len(log["items"]) == 1
                rest = (await client.get(log["next"])).json()
                types = {one["type"]: one for one in [*log["items"], *rest["items"]]}
                assert types.keys() == {"test", "new_result"}
                told = types["new_result"]
                assert (told["lottery"], told["date"], told["position"]) == ("us_powerball", "2024-11-02", 1)
                assert {one.id for one in here.came} == {told["message"], went["message"]}
                for one in here.came:
                    assert Standard(secret).verify(one.body, one.headers)

                again = await client.post(f"{path}/deliveries/{told['id']}/replay")
                assert (again.status_code, again.json()["state"]) == (202, "waiting")
                assert len((await settled(client, f"{path}/deliveries/{told['id']}"))["tries"]) == 2
                replayed = await client.post(f"{path}/replay", json={"after": 0})
                assert (replayed.status_code, replayed.json()["position"]) == (202, 0)
                async with asyncio.timeout(20):
                    while len(here.came) < 4:
                        await asyncio.sleep(0.02)
                assert [one.id for one in here.came].count(told["message"]) == 3
            await house_is_described(client, here.came)
            gone = await client.delete(path)
            assert (gone.status_code, gone.content) == (204, b"")
            assert (await client.get(path)).status_code == 404

    async def house_is_described(client: httpx2.AsyncClient, came) -> None:
        document = (await client.get("/api/v1/asyncapi.json")).json()
        for one in came:
            name = f"webhook_{one.event['type']}"
            payload = document["components"]["messages"][name]["payload"]
            jsonschema_rs.validate(payload, one.event)
            assert not jsonschema_rs.is_valid(payload, one.event | {"type": "other"})
        assert {f"webhook_{kind}" for kind in (*Type, "test")} <= document["components"]["messages"].keys()

    run(story())


def test_a_webhook_is_its_owners_alone(house):
    async def story():
        mine, other = await a_key(house, "webhooks"), await a_key(house, "read", "webhooks", name="ben")
        reader = await a_key(house, "read", name="carl")
        async with asking(house, None) as client:

            async def ask(key: str | None, method: str, path: str, **more) -> httpx2.Response:
                headers = {"Authorization": f"Bearer {key}"} if key else {}
                return await client.request(method, path, headers=headers, **more)

            made = (await ask(mine, "POST", HOOKS, json={"url": "http://127.0.0.1:9/"})).json()
            path = f"{HOOKS}/{made['id']}"
            asked = [
                ("GET", path, None),
                ("PATCH", path, {"note": "x"}),
                ("POST", f"{path}/rotate", None),
                ("POST", f"{path}/test", None),
                ("POST", f"{path}/replay", {"after": 0}),
                ("GET", f"{path}/deliveries", None),
                ("DELETE", path, None),
            ]
            for method, where, body in asked:
                for key, status in ((other, 404), (reader, 403), (None, 401), ("lotto_" + "x" * 43, 401)):
                    answer = await ask(key, method, where, json=body)
                    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
                    assert status == 404 or "bearer" in answer.headers["www-authenticate"].lower()
            assert (await ask(other, "GET", HOOKS)).json()["items"] == []
            assert (await ask(mine, "GET", path)).json()["note"] == ""
            # What was answered to one is given to nobody else, whoever asks next.
            for _ in range(3):
                assert (await ask(mine, "GET", HOOKS)).json()["items"]
                assert (await ask(None, "GET", HOOKS)).status_code == 401
                assert not (await ask(other, "GET", HOOKS)).json()["items"]

    run(story())


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"url": "https://hooks.example/"}, "url: hooks.example is another machine, and this is a practice ledger"),
        ({"url": "nonsense"}, "url: the address of a webhook is written like https://host/path"),
        ({"url": "http://127.0.0.1:9/", "lotteries": ["nope"]}, "There is no lottery “nope”"),
        ({"url": "http://127.0.0.1:9/", "countries": ["xx"]}, "There is no lottery of the country “xx”"),
        ({"url": "http://127.0.0.1:9/", "collections": ["nope"]}, "There is no collection “nope”"),
        ({"url": "http://127.0.0.1:9/", "types": ["nope"]}, "types.0:"),
        ({"url": "http://127.0.0.1:9/", "secret": "whsec_x"}, "secret:"),
        ({}, "url:"),
    ],
)
def test_what_cannot_be_told_is_refused_in_a_sentence(house, asked, says):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client:
            answer = await client.post(HOOKS, json=asked)
            assert answer.status_code == 422
            assert says in answer.json()["detail"]

    run(story())


def test_in_the_world_only_https_on_the_internet_is_told():
    room: Any = SimpleNamespace(site=SimpleNamespace(practice=False))
    for url in ("http://hooks.example/", "https://10.0.0.1/", "https://localhost/", "https://[::1]/"):
        with pytest.raises(HTTPException) as refused:
            webhooks_route._address(room, url)
        assert refused.value.status_code == 422
    assert webhooks_route._address(room, "https://hooks.example/x") == "https://hooks.example/x"


def test_what_the_operator_allows_himself_is_not_open_to_other_peoples_webhooks(tmp_path):
    async def story():
        house = House(Settings(data_dir=tmp_path, allow=["10.0.0.0/8"]), database_url="", redis_url="")
        async with house.networks_door("live") as ours, house.webhooks_door("live") as theirs:
            assert ours._guard.way("https://10.1.2.3/").host == "10.1.2.3"
            with pytest.raises(Refused):
                theirs._guard.way("https://10.1.2.3/")

    run(story())


def test_a_change_takes_the_place_of_what_was_and_leaves_the_rest(house):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client:
            made = (await client.post(HOOKS, json={"url": "http://127.0.0.1:9/", "countries": ["us"]})).json()
            path = f"{HOOKS}/{made['id']}"
            changed = (await client.patch(path, json={"types": ["result_voided"], "note": "x"})).json()
            assert (changed["countries"], changed["types"], changed["note"]) == (["us"], ["result_voided"], "x")
            changed = (await client.patch(path, json={"countries": [], "url": "http://127.0.0.1:8/"})).json()
            assert (changed["countries"], changed["types"], changed["url"]) == (
                [],
                ["result_voided"],
                "http://127.0.0.1:8/",
            )
            assert (await client.patch(path, json={"url": "http://10.0.0.1/"})).status_code == 422
            assert (await client.patch(path, json={"rests": True})).json()["rested_by"] == "owner"
            assert (await client.patch(path, json={"rests": False})).json()["resting"] == ""

    run(story())


def test_one_key_has_so_many_and_no_more(house):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client:
            made = [await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"}) for _ in range(MOST + 1)]
            assert [one.status_code for one in made] == [201] * MOST + [409]
            await client.delete(f"{HOOKS}/{made[0].json()['id']}")
            assert (await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"})).status_code == 201

    run(story())


def test_a_secret_is_shown_once_and_is_nowhere_in_the_clear(house, database_url):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client, house.ledger("test") as ledger:
            made = (await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"})).json()
            path = f"{HOOKS}/{made['id']}"
            new = (await client.post(f"{path}/rotate", json={"overlap_hours": 1})).json()
            assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", new["secret"])
            assert new["secret"] != made["secret"]
            for where in (HOOKS, path, f"{path}/deliveries"):
                text = (await client.get(where)).text
                assert "whsec" not in text
            async with ledger.reading() as conn:
                row = await (await conn.execute("SELECT webhook::text AS whole, secret FROM webhook")).fetchone()
            assert row is not None
            for secret in (made["secret"], new["secret"]):
                assert secret not in row["whole"]
                assert secret.encode() not in row["secret"]

    run(story())


def test_a_revoked_key_is_told_nothing_any_more(house, lotto):
    async def subscribed():
        async with asking(house, await a_key(house, "webhooks")) as client:
            return (await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"})).json()["id"]

    hook = run(subscribed())
    assert lotto("key", "revoke", "ana")[0] == 0
    _, listed, _ = lotto("webhook", "list")
    assert hook[:8] in listed
    assert "rests: Its key was revoked." in listed


def test_without_a_key_to_seal_with_no_webhook_is_made(house):
    async def story():
        house.settings.secret_key.unlink()
        async with asking(house, await a_key(house, "webhooks")) as client:
            answer = await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"})
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")

    run(story())


# The operator


def test_the_operator_does_all_of_it_by_commands(house, lotto, redis_url):
    async def with_receiver():
        async with receiving(500) as here:
            return await asyncio.to_thread(commands, here)

    def commands(here):
        code, out, _ = lotto("webhook", "add", here.url, "--country", "us", "--type", "new_result", "--note", "desk")
        assert code == 0
        secret = out.splitlines()[0]
        (hook,) = re.findall(r"webhook is ([0-9a-f-]{36})", out)
        assert secret.startswith("whsec_")
        code, out, _ = lotto("webhook", "test", hook[:8])
        assert (code, out.strip()) == (1, "✗ It answered 500.")
        code, out, _ = lotto("webhook", "test", hook)
        assert (code, out.strip()) == (0, "✓ It answered 204.")
        code, out, _ = lotto("webhook", "rotate", hook[:8], "--overlap", "0")
        other = out.splitlines()[0]
        assert other.startswith("whsec_")
        assert other != secret
        assert lotto("webhook", "test", hook[:8])[0] == 0
        last = here.came[-1]
        assert Standard(other).verify(last.body, last.headers)
        code, out, _ = lotto("webhook", "log", hook[:8])
        assert [line.split()[-1] for line in out.splitlines()[1:]] == ["500.", "204.", "204."]
        assert lotto("webhook", "rest", hook[:8])[0] == 0
        assert "rests: The operator has it rest." in lotto("webhook", "list")[1]
        assert lotto("webhook", "wake", hook[:8])[0] == 0
        _, out, _ = lotto("webhook", "list", "--json")
        ((shown),) = json.loads(out)
        assert (shown["told"], shown["host"], shown["note"]) == ("US, new_result", "127.0.0.1", "desk")
        assert "/hook" not in out, "an address may hold a secret"
        for words, says in (
            (("log", "zzz"), "No webhook is called “zzz”"),
            (("replay", hook), "one of them"),
            (("replay", hook, "--since", "yesterday"), "is not an instant"),
            (("replay", hook, "--delivery", "zzz"), "No delivery is called"),
            (("add", "https://hooks.example/x"), "practice ledger"),
            (("add", here.url, "--type", "nope"), "There is no type “nope”"),
            (("log", hook, "--state", "nope"), "There is no state “nope”"),
        ):
            code, _, err = lotto("webhook", *words)
            assert code == 1
            assert says in err
        assert lotto("webhook", "replay", hook[:8], "--after", "0")[0] == 0
        assert lotto("webhook", "remove", hook[:8])[0] == 0
        assert len(lotto("webhook", "list")[1].splitlines()) == 1

    run(with_receiver())


def test_a_webhook_that_we_had_rest_is_told_to_the_operator(house):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client, house.ledger("test") as ledger:
            hooks = [(await client.post(HOOKS, json={"url": f"http://127.0.0.1:9/{n}"})).json()["id"] for n in range(3)]
            async with ledger.reading() as conn:
                for hook, by in zip(hooks, ("publisher", "owner", "receiver"), strict=True):
                    await webhooks.rest(conn, hook, "Nothing was taken for 3 days. It answered 500.", by, wall_clock())
            report = await house.report(AT)
            (told,) = [one for one in verdict.troubles(report) if one.kind == "webhook"]
            assert told.about == hooks[0]
            assert told.words.startswith("The webhook at 127.0.0.1 of ana rests: Nothing was taken for 3 days. It")
            assert (report.webhooks.awake, report.webhooks.resting) == (0, 3)
            numbers = (await client.get("/metrics")).text
            assert 'lotto_webhooks{state="resting"} 3.0' in numbers

    run(story())


def test_webhooks_that_nobody_tells_are_told_to_the_operator(house):
    async def story():
        async with asking(house, await a_key(house, "webhooks")) as client, house.ledger("test") as ledger:
            made = (await client.post(HOOKS, json={"url": "http://127.0.0.1:9/"})).json()
            await client.post(f"{HOOKS}/{made['id']}/test")
            async with ledger.reading() as conn:
                late = wall_clock() - timedelta(minutes=5)
                await conn.execute("UPDATE webhook SET due_at = %s", [late])
                await conn.execute("UPDATE webhook_delivery SET due_at = %s", [late])
            (told,) = [one for one in verdict.troubles(await house.report(AT)) if one.about == "webhooks"]
            assert told.words == "Webhooks should have been told something 5 min ago: is the publisher running?"

    run(story())


def test_the_document_names_every_message_once():
    document = asyncapi.document()
    assert document["channels"]["webhooks"]["address"] is None
    assert "$ref" not in json.dumps([one["payload"] for one in document["components"]["messages"].values()])
