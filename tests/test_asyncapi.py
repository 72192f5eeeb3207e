"""The description of live events: it keeps to AsyncAPI, and what is told keeps to it."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import httpx2
import jsonschema_rs

from conftest import Clock, run
from lotto.api import asyncapi
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.events import Event, Type
from lotto.house import House, Practice
from lotto.ledger import outbox
from lotto.serving import serving
from lotto.settings import Settings

OFFICIAL = Path(__file__).parent.parent / "frontend" / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
AT = datetime(2024, 11, 3, 4, tzinfo=UTC)
NUMBERS = {"main": (10, 45, 48, 58, 61), "bonus": (2,)}


def test_the_document_is_asyncapi():
    official = jsonschema_rs.validator_for(json.loads(OFFICIAL.read_text(encoding="utf-8")))
    document = asyncapi.document()
    assert [error.message for error in official.iter_errors(document)] == []
    del document["info"]["title"]
    assert not official.is_valid(document), "it would have told"


def test_every_event_is_told_as_the_document_says(database_url, redis_url, tmp_path):
    async def story():
        practice = Practice("http://127.0.0.1:1", Clock(AT))
        house = House(Settings(data_dir=tmp_path), database_url=database_url, redis_url=redis_url, practice=practice)
        draw = Draw(DrawKey("us_powerball", date(2024, 11, 2)), Status.CONFIRMED, AT, 1, 0, NUMBERS)
        events = [Event(kind, replace(draw, update=number), AT) for number, kind in enumerate(Type)]
        async with house.ledger("test") as ledger, ledger.alone() as conn, conn.transaction():
            for event in events:
                await outbox.say(conn, event)
            await outbox.said(conn, {event.id: "1-1" for event in events}, AT)
        async with (
            asyncio.timeout(20),
            house.api() as app,
            serving(app, "127.0.0.1", 0) as port,
            httpx2.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
        ):
            document = (await client.get("/api/v1/asyncapi.json")).json()
            address = document["channels"]["events"]["address"]
            told = []
            async with client.stream("GET", address, params={"since": 0}) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: "):
                        told.append(json.loads(line.removeprefix("data: ")))
                    if len(told) == len(events):
                        break
        assert sorted(one["type"] for one in told) == sorted(Type)
        for one in told:
            payload = document["components"]["messages"][one["type"]]["payload"]
            jsonschema_rs.validate(payload, one)
            assert not jsonschema_rs.is_valid(payload, one | {"type": "other"})

    run(story())
