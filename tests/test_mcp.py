"""MCP: the reads of the API, asked by the protocol's own client over the real ways to it."""

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from mcp import StdioServerParameters
from mcp.client import Client
from mcp.client.stdio import stdio_client
from mcp.shared.exceptions import MCPError

from conftest import run
from lotto.api import schemas
from lotto.house import House
from lotto.mcp.reads import Reads
from lotto.mcp.server import made
from lotto.serving import serving
from stage import free_port, meanwhile, until

"""Its ledger takes a while to fill: one worker asks all there is to ask of it."""

LINE = {"main": [42, 46, 50, 21, 7], "bonus": [4]}
LABELLED = {"lottery": "us_ny_numbers", "day": "2023-06-10", "label": "midday"}


@pytest.fixture(scope="module")
def site(practised: House) -> Iterator[str]:
    """The address at which the API over the practised ledger is served."""
    port, ready = free_port(), []

    async def serve() -> None:
        async with practised.api() as app, serving(app, "127.0.0.1", port):
            ready.append(True)
            await asyncio.Event().wait()

    with meanwhile(serve()):
        until(lambda: ready, "the API is served")
        yield f"http://127.0.0.1:{port}"


def environment(site: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOTTO_")}
    return kept | {"LOTTO_API_URL": site}


def asked(house: House, story: Any) -> Any:
    """What `story(client, http)` comes to: the protocol's client, of a server over the house's API, and the API."""

    async def whole() -> Any:
        async with house.api() as app:
            way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with (
                httpx2.AsyncClient(transport=way, base_url="http://lotto") as http,
                Client(made(Reads(http), "0")) as client,
            ):
                return await story(client, http)

    return run(whole())


def test_every_tool_answers_as_the_api_does_and_in_the_shape_it_promises(practised):
    questions = {
        "list_lotteries": ({"country": "us"}, None),
        "search_lotteries": ({"name": "powerball"}, "/search?name=powerball"),
        "lottery": ({"lottery": "us_powerball"}, "/lotteries/us_powerball"),
        "next_draws": ({"lottery": "us_powerball", "limit": 2}, "/lotteries/us_powerball/coming?limit=2"),
        "latest_results": (
            {"lotteries": ["us_powerball", "us_ny_numbers"]},
            "/results/latest?lottery=us_powerball&lottery=us_ny_numbers",
        ),
        "draws": (
            {"lottery": "us_powerball", "since": "2023-06-01", "contains": ["bonus:4"]},
            "/lotteries/us_powerball/draws?from=2023-06-01&contains=bonus:4&limit=10",
        ),
        "draw": (LABELLED, "/lotteries/us_ny_numbers/draws/2023-06-10/midday"),
        "check_ticket": ({"lottery": "us_powerball", "lines": [LINE], "since": "2023-06-10"}, None),
        "statistics": (
            {"lottery": "us_powerball", "since": "2023-06-01", "until": "2023-06-10"},
            "/lotteries/us_powerball/statistics?from=2023-06-01&to=2023-06-10",
        ),
        "odds": ({"lottery": "us_powerball"}, "/lotteries/us_powerball/odds"),
    }

    async def story(client: Client, http: httpx2.AsyncClient) -> None:
        tools = {one.name: one for one in (await client.list_tools()).tools}
        assert tools.keys() == questions.keys()
        for name, (given, path) in questions.items():
            tool = tools[name]
            assert tool.description
            assert tool.output_schema
            assert tool.annotations
            assert tool.annotations.read_only_hint
            answer = await client.call_tool(name, given)
            assert not answer.is_error, answer.content
            assert json.loads(answer.content[0].text) == answer.structured_content
            if path is not None:
                assert answer.structured_content == (await http.get(f"/api/v1{path}")).json(), name
        ids = {one["id"] for one in (await client.call_tool("list_lotteries", {})).structured_content["items"]}
        assert {"us_powerball", "us_ny_numbers"} <= ids
        checked = schemas.Checked.model_validate(
            (await client.call_tool("check_ticket", questions["check_ticket"][0])).structured_content
        )
        assert (checked.draws, [one.tier for one in checked.won]) == (1, ["4+1"])
        evidence = (await client.call_tool("draw", LABELLED)).structured_content["sources"]
        assert {"source", "sha256", "agrees", "observed_at"} <= evidence[0].keys()

    asked(practised, story)


def test_what_cannot_be_answered_is_a_sentence_for_the_one_who_asked(practised):
    async def story(client: Client, http: httpx2.AsyncClient) -> None:
        for name, given, says in (
            ("lottery", {"lottery": "nope"}, "There is no lottery “nope”"),
            ("lottery", {"lottery": "../sources"}, "There is nothing here"),
            ("draws", {"lottery": "us_powerball", "contains": ["99"]}, "is a value of no pool"),
            ("odds", {"lottery": "us_powerball", "on": "1800-01-01"}, "has no rules for 1800-01-01"),
            ("search_lotteries", {}, "Say what to look for"),
            ("draw", {"lottery": "us_powerball", "day": "soon"}, "day"),
        ):
            answer = await client.call_tool(name, given)
            assert answer.is_error
            assert says in answer.content[0].text

    asked(practised, story)


def test_draws_and_lotteries_are_resources(practised):
    async def story(client: Client, http: httpx2.AsyncClient) -> None:
        templates = {one.uri_template for one in (await client.list_resource_templates()).resource_templates}
        assert templates == {
            "lotto://lotteries/{lottery}",
            "lotto://draws/{lottery}/{day}",
            "lotto://draws/{lottery}/{day}/{label}",
        }
        for uri, path in (
            ("lotto://lotteries/us_powerball", "/lotteries/us_powerball"),
            ("lotto://draws/us_powerball/2023-06-10", "/lotteries/us_powerball/draws/2023-06-10"),
            ("lotto://draws/us_ny_numbers/2023-06-10/midday", "/lotteries/us_ny_numbers/draws/2023-06-10/midday"),
        ):
            (content,) = (await client.read_resource(uri)).contents
            assert json.loads(content.text) == (await http.get(f"/api/v1{path}")).json()
        with pytest.raises(MCPError, match="There is no lottery"):
            await client.read_resource("lotto://lotteries/nope")

    asked(practised, story)


def test_over_stdio_it_is_a_process_that_outlives_an_api_that_is_away():
    async def story() -> None:
        server = StdioServerParameters(
            command=sys.executable, args=["-m", "lotto", "mcp"], env=environment("http://127.0.0.1:1")
        )
        async with asyncio.timeout(100), Client(stdio_client(server)) as client:
            for _ in range(2):
                answer = await client.call_tool("lottery", {"lottery": "us_powerball"})
                assert answer.is_error
                assert answer.content[0].text.endswith("The API at http://127.0.0.1:1 cannot be reached now.")

    run(story())


def test_the_same_is_to_be_had_over_http(site):
    port = free_port()
    command = [sys.executable, "-m", "lotto", "mcp", "--http", "--port", str(port)]

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    async def story() -> None:
        async with asyncio.timeout(100), Client(f"http://127.0.0.1:{port}/mcp") as client:
            answer = await client.call_tool("lottery", {"lottery": "us_powerball"})
            assert answer.structured_content["name"] == "Powerball"

    with subprocess.Popen(command, env=environment(site), stderr=subprocess.DEVNULL) as server:
        try:
            until(listens, "the server listens")
            run(story())
        finally:
            server.terminate()


def test_without_the_extra_the_command_says_what_to_install_and_nothing_else_misses_it(lotto, monkeypatch):
    for name in [one for one in sys.modules if one.split(".")[0] in ("mcp", "mcp_types")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("lotto.commands.mcp.find_spec", lambda _: None)
    code, _, err = lotto("mcp")
    assert (code, err) == (1, "lotto: `lotto mcp` needs an extra that is not installed: pip install 'lotto[mcp]'.\n")
    assert "mcp" not in sys.modules, "only who speaks it imports it"
