"""The description of what the API tells by itself (AsyncAPI 3.0): the live events, made of the house's own types."""

from typing import Any, Final

from lotto.api.schemas import Told
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


def document() -> Node:
    """The document."""
    messages = {kind.value: _message(kind) for kind in Type}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lotto",
            "version": "1",
            "description": "Events that live pages are told. Reads and questions are described by "
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
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in messages},
                "bindings": {"http": {}},
            }
        },
        "operations": {
            "tell": {
                "action": "send",
                "channel": {"$ref": "#/channels/events"},
                "summary": "Tells everyone who listens, from the position on that he names, or from now on.",
                "messages": [{"$ref": f"#/channels/events/messages/{name}"} for name in messages],
                "bindings": {"http": {"method": "GET"}},
            }
        },
        "components": {"messages": messages},
    }


def _message(kind: Type) -> Node:
    payload = Told.model_json_schema(ref_template="#/components/schemas/{model}")
    del payload["$defs"]
    payload["properties"] |= {"type": {"const": kind.value}}
    return {"name": kind.value, "summary": MEANS[kind], "payload": payload}
