"""The description of what we tell by ourselves (AsyncAPI 3.0), live and by webhooks, made of the house's own types."""

from typing import Any, Final

from lotto.api.schemas import Notification, Schema, TestNotification, Told
from lotto.events import Type

Node = dict[str, Any]

ADDRESS: Final = "/api/v1/events"

MEANS: Final = {
    Type.NEW_RESULT: "A draw has its first result.",
    Type.RESULT_UPDATED: "Something of a draw has changed that is not its values: its status, prizes or jackpot.",
    Type.RESULT_CORRECTED: "Values that were published were wrong; the draw has others now.",
    Type.RESULT_VOIDED: "A draw does not count; what was published of it is taken back.",
    Type.IMAGE_READY: "The cards of a result are drawn.",
    Type.IMAGE_FAILED: "The cards of a result could not be drawn.",
}


SIGNED: Final = {
    "type": "object",
    "required": ["webhook-id", "webhook-timestamp", "webhook-signature"],
    "properties": {
        "webhook-id": {"type": "string", "description": "the same each time that this message is sent"},
        "webhook-timestamp": {"type": "string", "description": "when it was sent, in seconds"},
        "webhook-signature": {"type": "string", "description": "`v1,…`, one for each secret in force"},
    },
}


def document() -> Node:
    """The document."""
    live = {kind.value: _live(kind) for kind in Type}
    sent = {f"webhook_{kind.value}": _sent(kind.value, MEANS[kind], Notification) for kind in Type}
    sent["webhook_test"] = _sent("test", "A message that only shows that messages arrive.", TestNotification)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lotto",
            "version": "1",
            "description": "What live pages and webhooks are told. Reads and questions are described by "
            "/api/v1/openapi.json.",
        },
        "defaultContentType": "application/json",
        "channels": {
            "events": {
                "address": ADDRESS,
                "title": "Live events",
                "description": "Server-sent events over HTTP. `event` is the type, `data` the payload, `id` a position "
                "that only rises: who comes back with it as Last-Event-ID is told all that came after. Comments are "
                "heartbeats. Drop an event whose revision and update are older than what you have.",
                "messages": _named(live),
                "bindings": {"http": {}},
            },
            "webhooks": {
                "address": None,
                "title": "Webhooks",
                "description": "Messages posted to the address that you subscribe at /api/v1/webhooks, signed as "
                "Standard Webhooks says. Any 2xx takes one; all else is sent again over three days. A message may come "
                "more than once, with the same `webhook-id`, and later than a younger one.",
                "messages": _named(sent),
                "bindings": {"http": {}},
            },
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "Tells everyone who listens, from the position on that he names, or from now on.",
                "messages": [{"$ref": f"#/channels/events/messages/{name}"} for name in live],
                "bindings": {"http": {"method": "GET"}},
            },
            "notify": {
                "action": "send",
                "channel": {"$ref": "#/channels/webhooks"},
                "summary": "Posts a message to each webhook that wants it, until it is taken.",
                "messages": [{"$ref": f"#/channels/webhooks/messages/{name}"} for name in sent],
                "bindings": {"http": {"method": "POST"}},
            },
        },
        "components": {"messages": live | sent},
    }


def _named(messages: Node) -> Node:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in messages}


def _live(kind: Type) -> Node:
    payload = _payload(Told)
    payload["properties"] |= {"type": {"const": kind.value}}
    return {"name": kind.value, "summary": MEANS[kind], "payload": payload}


def _sent(type: str, means: str, schema: type[Schema]) -> Node:  # noqa: A002 - CloudEvents' word
    payload = _payload(schema)
    payload["properties"] |= {"type": {"const": type}}
    payload["properties"]["data"]["properties"] |= {"type": {"const": type}}
    return {"name": type, "summary": means, "headers": SIGNED, "payload": payload}


def _payload(schema: type[Schema]) -> Node:
    """The schema of a payload, whole in itself."""
    found = schema.model_json_schema(ref_template="{model}")
    named = found.pop("$defs", {})
    return {key: _whole(value, named) for key, value in found.items()}


def _whole(node: Any, named: Node) -> Any:
    """The same with every reference in the place of what it refers to."""
    if isinstance(node, list):
        return [_whole(one, named) for one in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _whole({**named[node["$ref"]], **{key: value for key, value in node.items() if key != "$ref"}}, named)
    return {key: _whole(value, named) for key, value in node.items()}
