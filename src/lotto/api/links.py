"""Links of the API's description: from what one address answers to what may be asked next.

They are found, not written: a parameter of an address is filled from the field of that name in the answer, from the
`id` of an answer that is such a thing itself, or from what the answer was asked with.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

CALLED = {"day": "date"}
"""A parameter → the field that holds it, where they are not called the same."""

FIRST = "/items/0"
"""The first entry of a list, as a JSON pointer."""


def links(document: Node, path: str, operation: Node) -> dict[str, Any]:
    """Every link from the answer of that operation, by the operation it leads to."""
    shown = dict(_shown(document, operation))
    asked = {name: f"$request.path.{name}" for name in _needed(path)}
    found = {}
    for other, asking in _reads(document):
        needed = _needed(other)
        filled = {name: shown.get(name) or asked.get(name) for name in needed}
        if needed and other != path and all(filled.values()):
            found[asking["operationId"]] = {"operationId": asking["operationId"], "parameters": filled}
    return found


def resolved(document: Node, schema: Node) -> Node:
    """The schema itself, where this is a reference to one."""
    name = schema.get("$ref", "").removeprefix("#/components/schemas/")
    found: Node = document["components"]["schemas"][name] if name else schema
    return found


def _reads(document: Node) -> Iterator[tuple[str, Node]]:
    for path, operations in document["paths"].items():
        if "get" in operations:
            yield path, operations["get"]


def _needed(path: str) -> list[str]:
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _shown(document: Node, operation: Node) -> Iterator[tuple[str, str]]:
    """What an answer tells that addresses are made of: parameter → where it is found."""
    good: Node = next((answer for status, answer in operation["responses"].items() if status.startswith("2")), {})
    content = good.get("content", {})
    schema = resolved(document, content.get("application/json", {}).get("schema", {}))
    at = "$response.body#"
    if "items" in schema.get("properties", {}):
        schema, at = resolved(document, schema["properties"]["items"].get("items", {})), at + FIRST
    fields = schema.get("properties", {})
    for parameter in {name for path, _ in _reads(document) for name in _needed(path)}:
        field = CALLED.get(parameter, parameter)
        if schema.get("title", "").lower() == parameter and "id" in fields:
            yield parameter, f"{at}/id"
        elif field in fields:
            yield parameter, f"{at}/{field}"
