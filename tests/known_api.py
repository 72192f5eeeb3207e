"""An API that knows a few lotteries and draws, for tests of the pages; its every answer the API's own schemas check."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from pydantic import BaseModel
from selectolax.lexbor import LexborHTMLParser, LexborNode
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

import lotto.api
from lotto.api import schemas
from lotto.web.app import create_app

NOW = datetime(2024, 11, 3, 3, 14, tzinfo=UTC)
PUBLIC = "https://lotto.example"
SHA = "0123456789abcdef" * 4

MAIN = schemas.Pool(
    name="main",
    title="",
    take=5,
    kind="number",
    shape="main",
    lowest=1,
    highest=69,
    ordered=False,
    repeats=False,
    optional=False,
)
POWERBALL = MAIN.model_copy(
    update={"name": "powerball", "title": "Powerball", "take": 1, "highest": 26, "shape": "bonus"}
)
POWER_PLAY = POWERBALL.model_copy(
    update={"name": "power_play", "title": "Power Play", "lowest": 2, "highest": 10, "shape": "times", "optional": True}
)
DIGITS = MAIN.model_copy(
    update={"name": "digits", "take": 3, "kind": "digit", "shape": "digit", "lowest": 0, "highest": 9, "ordered": True}
)
PLACES = DIGITS.model_copy(update={"name": "places", "shape": "place", "highest": 99})


def game(key: str, pools: list[schemas.Pool], *times: tuple[str, str], **more: object) -> schemas.Lottery:
    """A lottery drawn every day at these times: (label, clock)."""
    calendar = [schemas.Slot(label=label, at=at, days=list(range(7))) for label, at in times or (("", "22:59"),)]
    facts: dict[str, object] = {
        "id": key,
        "name": key.replace("_", " ").title(),
        "country": "US",
        "region": "",
        "operator": "The Operator",
        "zone": "America/New_York",
        "currency": "USD",
        "language": "en",
        "hue": 22,
        "chroma": 0.19,
        "eras": [schemas.Era(starts_on=date(2015, 10, 7), pools=pools, calendar=calendar)],
        "sources": ["one", "two"],
        "next_draw": schemas.NextDraw(date=date(2024, 11, 4), label="", drawn_at=NOW + timedelta(hours=15, minutes=20)),
    }
    return schemas.Lottery.model_validate(facts | more)


BALL = game("us_ball", [MAIN, POWERBALL, POWER_PLAY], name="The Big Ball")
NUMBERS = game("us_numbers", [DIGITS], ("midday", "14:30"), ("evening", "22:30"), region="New York")
QUINIELA = game("do_quiniela", [PLACES], country="DO", zone="America/Santo_Domingo", language="es")
WINNING = {"main": [10, 45, 48, 58, 61], "powerball": [2], "power_play": [3]}


def says(source: str, numbers: Mapping[str, object], *, agrees: bool = True, **more: object) -> schemas.Evidence:
    """What one source says."""
    facts: dict[str, object] = {
        "source": source,
        "publisher": f"Publisher {source}",
        "official": True,
        "origin": source,
        "home": f"https://{source}.example/",
        "numbers": numbers,
        "agrees": agrees,
        "objections": [],
        "observed_at": NOW - timedelta(minutes=11),
        "sha256": SHA,
    }
    return schemas.Evidence.model_validate(facts | more)


def drawn(lottery: schemas.Lottery, numbers: Mapping[str, object], **more: object) -> dict[str, object]:
    """The fields of a draw of that evening, confirmed by two unless told otherwise."""
    return {
        "lottery": lottery.id,
        "date": date(2024, 11, 2),
        "label": "",
        "serial": None,
        "drawn_at": NOW - timedelta(minutes=15),
        "status": "confirmed",
        "revision": 1,
        "update": 0,
        "reason": "",
        "numbers": numbers,
        "drawn": {},
        "seen": {},
        "replaces": {},
        "prizes": [],
        "jackpot": None,
        "sources": [says("one", numbers), says("two", numbers)],
        "cards": [],
        "observed_at": NOW - timedelta(minutes=11),
        "decided_at": NOW - timedelta(minutes=10),
        "updated_at": NOW - timedelta(minutes=10),
    } | more


def summary(lottery: schemas.Lottery) -> dict[str, object]:
    """The lottery as a draw names it."""
    return lottery.model_dump(include=set(schemas.LotterySummary.model_fields))


def held() -> dict[str, object]:
    """A draw on whose Powerball two sources disagree."""
    other = WINNING | {"powerball": [9]}
    evidence = [says("one", WINNING), says("two", other, agrees=False)]
    return drawn(BALL, {}, status="held", revision=0, decided_at=None, sources=evidence, reason="one shows 2, two 9")


FIGURES = schemas.Statistics.model_validate_json(
    (Path(lotto.api.__file__).parent / "examples" / "figures.json").read_text(encoding="utf-8"), strict=False
)
"""What the real API answers of a real lottery's draws."""


class Api:
    """An API that knows these lotteries and draws and answers nothing that is not in its schemas."""

    def __init__(self, draws: Mapping[str, dict[str, object]], lotteries: list[schemas.Lottery]) -> None:
        self.lotteries = {lottery.id: lottery for lottery in lotteries}
        self.draws = draws
        self.posts: list[schemas.Post] = []
        self.sources: list[schemas.Source] = []
        self.revisions: list[schemas.Revision] = []
        self.collections = [
            schemas.Collection(id="digits", name="Digit games", lotteries=["us_numbers", "do_quiniela"]),
            schemas.Collection(id="us", name="United States", lotteries=["us_ball", "us_numbers"]),
        ]
        self.odds: schemas.Odds | None = None
        self.figures = FIGURES
        self.newsletters: list[schemas.Newsletter] = []
        self.push = schemas.Push(key=None, accounts=[])
        self.latency = schemas.Latency(lottery="us_ball", date=date(2024, 11, 2), label="", steps=[])
        self.paces = schemas.HousePaces(draws=0, steps=[])
        self.refuses = ""
        """The sentence with which values and days that are asked for are refused; empty where they are not."""
        self.older: str | None = None
        self.asked: list[str] = []
        self.checked: schemas.Checked | None = None
        self.app = Starlette(routes=[Route("/api/v1/{path:path}", self._answer, methods=["GET", "POST"])])

    def _game(self, fields: Mapping[str, object]) -> dict[str, object]:
        lottery = self.lotteries[str(fields["lottery"])]
        return {"game": summary(lottery), "pools": lottery.eras[0].pools}

    async def _answer(self, request: Request) -> Response:
        self.asked.append(str(request.url))
        if self.refuses and {"contains", "value", "from"} & request.query_params.keys():
            refusal = schemas.Problem(type="about:blank", title="Refused", status=422, detail=self.refuses)
            return Response(refusal.model_dump_json(), 422, media_type="application/problem+json")
        found = self._found(request.path_params["path"])
        if found is None:
            problem = schemas.Problem(type="about:blank", title="Not found", status=404, detail="There is no such.")
            return Response(problem.model_dump_json(), 404, media_type="application/problem+json")
        return Response(found.model_dump_json(), media_type="application/json")

    def _found(self, path: str) -> BaseModel | None:
        match path.split("/"):
            case ["results", "latest"]:
                latest = [
                    schemas.LatestDraw.model_validate(
                        {**fields, **self._game(fields), "next_draw": self.lotteries[str(fields["lottery"])].next_draw}
                    )
                    for fields in self.draws.values()
                ]
                return schemas.Page[schemas.LatestDraw](items=latest, next=None)
            case ["lotteries"]:
                return schemas.Page[schemas.Lottery](items=list(self.lotteries.values()), next=None)
            case ["posts"]:
                return schemas.Page[schemas.Post](items=self.posts, next=None)
            case ["sources"]:
                return schemas.Page[schemas.Source](items=self.sources, next=None)
            case ["collections"]:
                return schemas.Page[schemas.Collection](items=self.collections, next=None)
            case ["check"]:
                return self.checked
            case ["newsletters"]:
                return schemas.Page[schemas.Newsletter](items=self.newsletters, next=None)
            case ["push"]:
                return self.push
            case ["latency"]:
                return self.paces
            case ["coming"]:
                return schemas.Page[schemas.ComingDraw](items=list(self._coming()), next=None)
            case ["search"]:
                return schemas.Page[schemas.Hit](items=list(self._hits()), next=self.older)
            case ["lotteries", lottery]:
                return self.lotteries.get(lottery)
            case ["lotteries", lottery, "odds"] if lottery in self.lotteries:
                return self.odds
            case ["lotteries", lottery, "statistics"] if lottery in self.lotteries:
                return self.figures.model_copy(update={"lottery": lottery})
            case ["lotteries", lottery, "draws", *_, "latency"] if lottery in self.lotteries:
                return self.latency
            case ["lotteries", lottery, "draws"] if lottery in self.lotteries:
                items = [schemas.Draw.model_validate(one) for one in self.draws.values() if one["lottery"] == lottery]
                return schemas.Page[schemas.Draw](items=items, next=self.older)
            case ["lotteries", lottery, "draws", *rest]:
                fields = self.draws.get("/".join((lottery, *rest)))
                around = {"revisions": self.revisions, "previous": "2024-10-30", "next": None}
                return fields and schemas.DrawDetail.model_validate({**fields, **self._game(fields), **around})
            case _:
                return None

    def _coming(self) -> Iterator[schemas.ComingDraw]:
        """The next draw of each, by the calendar's own word."""
        for one in self.lotteries.values():
            if one.next_draw:
                game = schemas.LotterySummary.model_validate(summary(one))
                yield schemas.ComingDraw(**one.next_draw.model_dump(), game=game)

    def _hits(self) -> Iterator[schemas.Hit]:
        """Every draw, whatever is asked for: what is asked is the test's to look at."""
        for fields in self.draws.values():
            game = schemas.LotterySummary.model_validate(summary(self.lotteries[str(fields["lottery"])]))
            yield schemas.Hit(game=game, draw=schemas.Draw.model_validate(fields))


def keyed(*draws: dict[str, object]) -> dict[str, dict[str, object]]:
    """Draws under their addresses."""
    return {"/".join(filter(None, (str(d["lottery"]), str(d["date"]), str(d["label"])))): d for d in draws}


@pytest.fixture
def api() -> Api:
    """Three lotteries, of which one is drawn twice a day."""
    evening = drawn(NUMBERS, {"digits": ["4", "3", "0"]}, label="evening", drawn_at=NOW - timedelta(minutes=44))
    midday = drawn(NUMBERS, {"digits": ["0", "0", "7"]}, label="midday", drawn_at=NOW - timedelta(hours=9))
    quiniela = drawn(QUINIELA, {"places": ["00", "71", "81"]}, drawn_at=NOW - timedelta(hours=9))
    return Api(keyed(drawn(BALL, WINNING), evening, midday, quiniela), [BALL, NUMBERS, QUINIELA])


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """A frontend as Vite leaves it."""
    manifest = {"src/main.ts": {"file": "assets/main-1.js", "css": ["assets/main-2.css"], "imports": ["_part.js"]}}
    manifest["_part.js"] = {"file": "assets/part-3.js"}
    manifest["src/check.ts"] = {"file": "assets/check-4.js"}
    for name in ("worker.js", "embed.js"):
        (tmp_path / name).write_text("// a script")
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text(json.dumps(manifest))
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-1.js").write_text("export {}")
    return tmp_path


Ask = Callable[..., httpx2.Response]


@pytest.fixture
def ask(api: Api, built: Path) -> Ask:
    """Asks the site for an address."""

    def answer(path: str, over: ASGIApp | None = None, **headers: str) -> httpx2.Response:
        async def inner() -> httpx2.Response:
            within = httpx2.ASGITransport(app=over or api.app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=within, base_url="http://api") as client:
                site = create_app(client, lambda: NOW, practice=True, public_url=PUBLIC, built=built)
                door = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
                async with httpx2.AsyncClient(transport=door, base_url="http://site") as visitor:
                    return await visitor.get(path, headers={name.replace("_", "-"): v for name, v in headers.items()})

        return asyncio.run(inner())

    return answer


def page(response: httpx2.Response, status: int = 200) -> LexborHTMLParser:
    """The page as a browser without a script has it."""
    assert response.status_code == status, response.text
    return LexborHTMLParser(response.text)


def text(node: LexborHTMLParser | LexborNode | None) -> str:
    """What is to be read in it."""
    assert node is not None
    body = node.body if isinstance(node, LexborHTMLParser) else node
    assert body is not None
    return " ".join(body.text(separator=" ").split())


def balls(node: LexborHTMLParser | LexborNode) -> list[list[str]]:
    """The numbers of every list of balls."""
    return [[text(ball) for ball in found.css("b")] for found in node.css("ol.balls")]


def card(site: LexborHTMLParser, lottery: str) -> LexborNode:
    """The card of one lottery."""
    found = site.css_first(f'[data-key="{lottery}"]')
    assert found is not None
    return found
