"""What is to go says so in every answer for a year, in the description, and is then gone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse

from conftest import Clock, run
from lotto.api import problems
from lotto.api.app import addresses
from lotto.api.description import description, operations
from lotto.api.going import Announced, going

SINCE = datetime(2027, 1, 1, tzinfo=UTC)
UNTIL = datetime(2028, 1, 2, tzinfo=UTC)


@pytest.fixture
def clock() -> Clock:
    return Clock(SINCE)


@pytest.fixture
def app(clock: Clock) -> FastAPI:
    """An app with what goes, in two ways to answer, and what stays."""
    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    app.state.room = SimpleNamespace(wall=clock)

    @app.get("/old")
    @going(since=SINCE, until=UNTIL, instead="/new")
    async def old() -> dict[str, str]:
        """The old."""
        return {"it": "is"}

    @app.get("/plain")
    @going(since=SINCE, until=UNTIL, instead="/new")
    async def plain() -> PlainTextResponse:
        """The old, as text."""
        return PlainTextResponse("it is")

    @app.get("/new")
    async def new(limit: int = 1) -> dict[str, str]:
        """The new."""
        return {"it": "is"}

    problems.install(app)
    app.add_middleware(Announced)
    return app


def test_what_goes_says_so_and_when_it_is_gone_what_to_ask_instead(app, clock):
    async def story():
        way = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=way, base_url="http://lotto") as client:
            for path in ("/old", "/plain"):
                answer = await client.get(path)
                assert answer.status_code == 200
                assert answer.headers["deprecation"] == f"@{int(SINCE.timestamp())}"
                assert parsedate_to_datetime(answer.headers["sunset"]) == UNTIL
                assert answer.headers["link"] == '</new>; rel="deprecation"'
            assert "deprecation" not in (await client.get("/new")).headers
            clock.at = UNTIL
            for path in ("/old", "/plain"):
                answer = await client.get(path)
                assert (answer.status_code, answer.headers["content-type"]) == (410, "application/problem+json")
                assert answer.json()["detail"] == "This is gone since 2028-01-02: ask /new."
                assert "sunset" in answer.headers
            assert (await client.get("/new")).status_code == 200

    run(story())


def test_the_description_marks_what_goes(app):
    found = {path: operation for _, path, operation in operations(description(app))}
    assert found["/old"]["deprecated"]
    assert "410" in found["/old"]["responses"]
    assert "It goes on 2028-01-02; `/new` takes its place." in found["/old"]["description"]
    assert "deprecated" not in found["/new"]


def test_less_than_a_year_is_no_announcement():
    with pytest.raises(ValueError, match="365 days ahead"):
        going(since=SINCE, until=SINCE + timedelta(days=364), instead="/new")


def test_nothing_goes_now_as_the_guide_says():
    assert not [path for _, path, one in operations(addresses().openapi()) if one.get("deprecated")]
