"""The server: the API's reads as tools and resources of the Model Context Protocol."""

from collections.abc import Awaitable
from datetime import date
from typing import Annotated, TypeVar

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from lotto.api import schemas
from lotto.mcp.reads import NotRead, Reads

INSTRUCTIONS = (
    "Lottery results with their evidence. Find a lottery's id with search_lotteries, then ask for its results. A draw "
    "is named by lottery, local date and, where a day has several, a label. Values of pools of digits or words are "
    "texts. Draws are independent: no statistics foretell anything. Say the status with a result: what is not "
    "“confirmed” may still change, and a draw that is held or void has none."
)

READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)

T = TypeVar("T")

Lottery = Annotated[str, Field(description="the id of a lottery, like us_powerball", max_length=60)]
Country = Annotated[str | None, Field(description="two letters, ISO 3166-1, like us")]
Day = Annotated[date, Field(description="the day in the lottery's own zone, like 2024-11-02")]
Since = Annotated[date | None, Field(description="the first local day")]
Until = Annotated[date | None, Field(description="the last local day, included")]
Label = Annotated[str, Field(description="which draw of the day, where it has several, like midday", max_length=60)]


def made(reads: Reads, version: str) -> MCPServer[object]:
    """The server over these reads."""
    server: MCPServer[object] = MCPServer(
        "lotto", "Lotto", version=version, instructions=INSTRUCTIONS, log_level="WARNING"
    )
    _lotteries(server, reads)
    _results(server, reads)
    _figures(server, reads)
    _resources(server, reads)
    return server


def _lotteries(server: MCPServer[object], reads: Reads) -> None:
    @server.tool(annotations=READS)
    async def list_lotteries(country: Country = None) -> schemas.Page[schemas.LotterySummary]:
        """Every lottery, or those of a country, with their ids."""
        found = await _told(reads.get(schemas.Page[schemas.Lottery], "lotteries", country=country))
        named = set(schemas.LotterySummary.model_fields)
        items = [schemas.LotterySummary.model_validate(one.model_dump(include=named)) for one in found.items]
        return schemas.Page(items=items, next=None)

    @server.tool(annotations=READS)
    async def search_lotteries(
        name: Annotated[str | None, Field(description="words of its name, region, operator or id")] = None,
        country: Country = None,
    ) -> schemas.Page[schemas.Hit]:
        """Lotteries by name and country, with their ids. Say at least one of both."""
        return await _told(reads.get(schemas.Page[schemas.Hit], "search", name=name, country=country))

    @server.tool(annotations=READS)
    async def lottery(lottery: Lottery) -> schemas.Lottery:
        """One lottery: its pools, ways to win and calendar, with the history of its rules, and its next draw."""
        return await _told(reads.get(schemas.Lottery, "lotteries", lottery))

    @server.tool(annotations=READS)
    async def next_draws(
        lottery: Lottery, limit: Annotated[int, Field(ge=1, le=50)] = 5
    ) -> schemas.Page[schemas.NextDraw]:
        """The next draws that a lottery's calendar foresees, in UTC."""
        return await _told(reads.get(schemas.Page[schemas.NextDraw], "lotteries", lottery, "coming", limit=limit))


def _results(server: MCPServer[object], reads: Reads) -> None:
    @server.tool(annotations=READS)
    async def latest_results(
        lotteries: Annotated[
            list[str] | None, Field(description="only of these lotteries, by id", max_length=50)
        ] = None,
        country: Country = None,
        collection: Annotated[str | None, Field(description="only of lotteries in this collection")] = None,
    ) -> schemas.Page[schemas.LatestDraw]:
        """The newest draw of each lottery, the newest of all first."""
        return await _told(
            reads.get(
                schemas.Page[schemas.LatestDraw],
                "results",
                "latest",
                lottery=lotteries,
                country=country,
                collection=collection,
            )
        )

    @server.tool(annotations=READS)
    async def draws(
        lottery: Lottery,
        since: Since = None,
        until: Until = None,
        contains: Annotated[
            list[str] | None,
            Field(description="values, all of them: `7` in any pool, `bonus:7` in that one", max_length=10),
        ] = None,
        limit: Annotated[int, Field(ge=1, le=50)] = 10,
        cursor: Annotated[
            str | None, Field(description="from `next` of the page before: its parameter `cursor`")
        ] = None,
    ) -> schemas.Page[schemas.Draw]:
        """A lottery's draws, newest first. Only a `next` of null is the end."""
        return await _told(
            reads.get(
                schemas.Page[schemas.Draw],
                "lotteries",
                lottery,
                "draws",
                from_=since,
                to=until,
                contains=contains,
                limit=limit,
                cursor=cursor,
            )
        )

    @server.tool(annotations=READS)
    async def draw(lottery: Lottery, day: Day, label: Label = "") -> schemas.DrawDetail:
        """One draw with its evidence: what each source says, prizes, cards, and all that was ever held of it."""
        return await _told(reads.get(schemas.DrawDetail, "lotteries", lottery, "draws", day.isoformat(), label))

    @server.tool(annotations=READS)
    async def check_ticket(
        lottery: Lottery,
        lines: Annotated[
            list[dict[str, list[int | str]]],
            Field(
                description="each line: pool → the values chosen, like {main: [1, 2, 3, 4, 5], bonus: [6]}",
                max_length=100,
            ),
        ],
        since: Since = None,
        until: Until = None,
    ) -> schemas.Checked:
        """What lines won in every published draw of a span of days, by the rules of each day; more values than the game
        takes are a system."""
        asked: dict[str, object] = {"lottery": lottery, "lines": lines}
        asked |= {"from": since.isoformat()} if since else {}
        asked |= {"to": until.isoformat()} if until else {}
        return await _told(reads.post(schemas.Checked, "check", asked=asked))


def _figures(server: MCPServer[object], reads: Reads) -> None:
    @server.tool(annotations=READS)
    async def statistics(
        lottery: Lottery,
        since: Since = None,
        until: Until = None,
    ) -> schemas.Statistics:
        """What was drawn how often, beside what fair draws give. Draws are independent: this foretells nothing."""
        return await _told(reads.get(schemas.Statistics, "lotteries", lottery, "statistics", from_=since, to=until))

    @server.tool(annotations=READS)
    async def odds(
        lottery: Lottery,
        on: Annotated[date | None, Field(description="by the rules of that day; else by today's")] = None,
    ) -> schemas.Odds:
        """The exact chance of each way to win."""
        return await _told(reads.get(schemas.Odds, "lotteries", lottery, "odds", on=on))


def _resources(server: MCPServer[object], reads: Reads) -> None:
    @server.resource("lotto://lotteries/{lottery}", mime_type="application/json")
    async def lottery(lottery: str) -> str:
        """One lottery, with the history of its rules."""
        return (await _shown(reads.get(schemas.Lottery, "lotteries", lottery))).model_dump_json()

    @server.resource("lotto://draws/{lottery}/{day}", mime_type="application/json")
    async def draw(lottery: str, day: str) -> str:
        """One draw of a lottery that holds one a day."""
        return (await _shown(reads.get(schemas.DrawDetail, "lotteries", lottery, "draws", day))).model_dump_json()

    @server.resource("lotto://draws/{lottery}/{day}/{label}", mime_type="application/json")
    async def labelled_draw(lottery: str, day: str, label: str) -> str:
        """One of several draws of a day."""
        found = reads.get(schemas.DrawDetail, "lotteries", lottery, "draws", day, label)
        return (await _shown(found)).model_dump_json()


async def _told(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except NotRead as error:
        raise ToolError(str(error)) from None


async def _shown(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except NotRead as error:
        raise ResourceError(str(error)) from None
