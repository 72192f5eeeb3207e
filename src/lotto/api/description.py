"""The API's description of itself (OpenAPI 3.1): what is so of every address is said here, once for all of them.

A route tells what is its own: its parameters, its answer. That it bears an ETag, may be answered 304, where its answer
leads on to and what an answer looks like is added to whatever routes there are.
"""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from lotto.api import going, links
from lotto.api.etag import is_tagged
from lotto.api.going import Going
from lotto.api.limits import UNDER, WEBHOOKS
from lotto.api.problems import described
from lotto.api.schemas import Problem

Node = dict[str, Any]

JSON = "application/json"

ENDINGS = {JSON: ".json", "text/plain": ".txt"}
"""Media types of which examples are kept, with the ending of their files."""

ETAG: Node = {
    "ETag": {
        "description": "stands for this body; send it back as If-None-Match to be told 304 while it is the same",
        "required": True,
        "schema": {"type": "string", "pattern": '^(W/)?"[^"]+"$'},
    }
}

LIMITS: Node = {
    "RateLimit-Policy": {
        "description": "how many questions a minute you have, as draft-ietf-httpapi-ratelimit-headers has it",
        "schema": {"type": "string", "examples": ['"read";q=600;w=60']},
    },
    "RateLimit": {
        "description": "how many of them are left, and for how many seconds",
        "schema": {"type": "string", "examples": ['"read";r=599;t=42']},
    },
}

KEY: Node = {
    "type": "http",
    "scheme": "bearer",
    "description": "A key, `lotto_…`, lifts the limits. Only webhooks need one.",
}

UNREADABLE = described("The body cannot be read: it is to be JSON in UTF-8.")

NO_KEY = described("The key in `Authorization` is not in force.")

GONE = described("It was announced that this would go, and it is gone; `detail` says what to ask instead.")

NOT_FOR_THIS = described("The key in `Authorization` is in force, and not for webhooks.")

ENOUGH = described("You have asked often enough for this minute; `Retry-After` says when to ask again.")

UNCHANGED: Node = {"description": "You have this body already: it is the one of your If-None-Match.", "headers": ETAG}

EXAMPLES = {
    "lottery": "us_powerball",
    "day": "2023-06-10",
    "collection": "us_multi_state",
    "source": "us_texas",
    "newsletter": "results",
    "account": "browsers",
    "country": "us",
    "url": "https://lotto.example/en/us_powerball/2023-06-10",
}
"""What a parameter of that name is in an example, unless its route says otherwise."""

LABELLED = {"lottery": "us_ny_numbers", "label": "midday"}
"""The same where a draw is named by its label too."""


def description(app: FastAPI) -> Node:
    """The document; it is made once."""
    if app.openapi_schema is None:
        app.openapi_schema = _completed(
            _going(app),
            get_openapi(
                title=app.title,
                version=app.version,
                summary=app.summary,
                description=app.description,
                openapi_version=app.openapi_version,
                routes=app.routes,
                tags=app.openapi_tags,
                webhooks=app.webhooks.routes,
            ),
        )
    return app.openapi_schema


def operations(document: Node) -> Iterator[tuple[str, str, Node]]:
    """Every operation of a document: its method, its path and itself."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def answered(operation: Node) -> Node:
    """What an operation answers when all is well."""
    found: Node = next(answer for status, answer in operation["responses"].items() if status.startswith("2"))
    return found


def _going(app: FastAPI) -> Mapping[str, Going]:
    """What goes, by the id of its operation."""
    routes = [route for route in app.routes if isinstance(route, APIRoute)]
    return {route.unique_id: found for route in routes if (found := going.of(route.endpoint))}


def _completed(gone: Mapping[str, Going], document: Node) -> Node:
    _add_schema(document, "Problem", Problem.model_json_schema(ref_template="#/components/schemas/{model}"))
    document["components"]["securitySchemes"] = {"key": KEY}
    for method, path, operation in operations(document):
        if found := gone.get(operation["operationId"]):
            operation["deprecated"] = True
            operation["description"] += f"\n\nIt goes on {found.until:%Y-%m-%d}; `{found.instead}` takes its place."
            operation["responses"]["410"] = GONE
        _give_examples(operation, EXAMPLES | LABELLED if "{label}" in path else EXAMPLES)
        answer = answered(operation)
        if "requestBody" in operation:
            operation["responses"]["400"] = UNREADABLE
        if path.startswith(UNDER):
            operation["security"] = [{"key": []}] if path.startswith(WEBHOOKS) else [{}, {"key": []}]
            operation["responses"] |= {"401": NO_KEY, "429": ENOUGH | {"headers": LIMITS}}
            if path.startswith(WEBHOOKS):
                operation["responses"] |= {"403": NOT_FOR_THIS}
            answer["headers"] = LIMITS
        media = next(iter(answer.get("content", {})), "")
        if method == "get" and (is_tagged(path, media) or "304" in operation["responses"]):
            answer["headers"] = answer.get("headers", {}) | ETAG
            operation["responses"]["304"] = UNCHANGED
    for _, path, operation in operations(document):
        if leads := links.links(document, path, operation):
            answered(operation)["links"] = leads
    return document


def _add_schema(document: Node, name: str, schema: Node) -> None:
    """Puts a schema among the components, and those that it is made of."""
    schemas = document["components"]["schemas"]
    schemas |= schema.pop("$defs", {})
    schemas[name] = schema


def _give_examples(operation: Node, examples: Mapping[str, str]) -> None:
    for parameter in operation.get("parameters", ()):
        usual = examples.get(parameter["name"])
        if usual is not None:
            parameter["schema"].setdefault("examples", [usual])
    for media, content in answered(operation).get("content", {}).items():
        file = files("lotto.api") / "examples" / f"{operation['operationId']}{ENDINGS.get(media)}"
        if media in ENDINGS and file.is_file():
            content["example"] = read(media, file.read_text(encoding="utf-8"))


def read(media: str, text: str) -> object:
    """An answer of that media type as an example holds it."""
    return json.loads(text) if media == JSON else text
