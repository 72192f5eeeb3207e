"""Examples: what the API's description shows as an answer is what the API answers, word for word.

They are asked over the practised ledger, each with the parameters that the description shows. `make contract`
(LOTTO_CONTRACT=write) writes them anew where an answer has changed for good.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

import lotto.api
from conftest import run
from lotto.api.app import addresses
from lotto.api.description import ENDINGS, JSON, answered, operations, read
from lotto.api.links import resolved

"""Its ledger takes a while to fill: one worker asks all there is to ask of it."""

WRITE = os.environ.get("LOTTO_CONTRACT") == "write"
FOLDER = Path(lotto.api.__file__).parent / "examples"
DOCUMENT = addresses().openapi()


def shown_operations() -> Iterator[Any]:
    """Every operation of the description that answers JSON or text for good: method, path, media type, operation."""
    for method, path, operation in operations(DOCUMENT):
        for media in ENDINGS.keys() & answered(operation).get("content", {}):
            # Not ages, which are told anew each time, and not what is its owner's alone.
            owners = operation.get("security") == [{"key": []}] or path.startswith("/api/v1/subscriptions/")
            if path != "/metrics" and not owners:
                yield pytest.param(method, path, media, operation, id=operation["operationId"])


def question(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    """The example question: whatever parameters the description gives an example of, and the body."""
    given: dict[str, dict[str, Any]] = {"path": {}, "query": {}, "header": {}}
    for one in operation.get("parameters", ()):
        name, examples = one["name"], one["schema"].get("examples")
        assert examples or not one["required"], f"{path}: give the parameter {name} an example in its route"
        if examples:
            given[one["in"]][name] = examples[0]
    asked = {"url": path.format(**given["path"]), "params": given["query"], "headers": given["header"]}
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"][JSON]["schema"]
        asked["json"] = resolved(DOCUMENT, schema)["examples"][0]
    return asked


def shown(answer: Any) -> Any:
    """An answer as an example shows it: of a list only the first entry."""
    return answer | {"items": answer["items"][:1]} if isinstance(answer, dict) and "items" in answer else answer


def written(answer: Any) -> str:
    """An example as its file has it."""
    return answer if isinstance(answer, str) else json.dumps(answer, indent=2, ensure_ascii=False) + "\n"


@pytest.fixture(scope="module")
def answers(practised) -> dict[str, httpx2.Response]:
    """What the API answers to every example question, by operation."""

    async def ask() -> dict[str, httpx2.Response]:
        async with practised.api() as app:
            way = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=way, base_url="http://lotto") as client:
                return {
                    operation["operationId"]: await client.request(method, **question(path, operation))
                    for method, path, _, operation in (one.values for one in shown_operations())
                }

    return run(ask())


@pytest.mark.parametrize(("method", "path", "media", "operation"), [*shown_operations()])
def test_an_example_is_what_the_api_answers(answers, method, path, media, operation):
    name = operation["operationId"]
    answer = answers[name]
    assert answer.status_code == 200, answer.text
    found = shown(read(media, answer.text))
    if WRITE:
        (FOLDER / f"{name}{ENDINGS[media]}").write_text(written(found), encoding="utf-8")
    else:
        told = answered(operation)["content"][media].get("example")
        assert told == found, f"{method} {path} answers otherwise: `make contract` writes its example anew"


def test_no_example_is_left_of_what_is_gone():
    kept = {f"{one.id}{ENDINGS[one.values[2]]}" for one in shown_operations()}
    assert {file.name for file in FOLDER.iterdir()} == kept
