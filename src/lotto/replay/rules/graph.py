"""What the practice networks of Meta have in common: the Graph API's refusals, pages, containers and tokens.

Source: Graph API v25.0, “Handling Errors”; Instagram and Threads, “Content Publishing”.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC
from math import ceil
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from lotto.replay.networks import Visible
from lotto.replay.rules.rules import Rules, says


@dataclass
class Container:
    """A post that nobody sees yet."""

    id: str
    text: str
    alt: str
    image: str
    answers: str | None
    looks: int
    """How often it is looked at before it is ready."""
    failed: str = ""
    """Why it never will be."""
    published: bool = False


@dataclass
class Graph(Rules):
    """A network of Meta's. `slow` is how often a container is looked at before it is ready."""

    slow: int = 1
    ends: int = 0
    """When the token ends, in seconds since 1970; 0 when it does not."""
    containers: dict[str, Container] = field(default_factory=dict)

    def denied(self) -> Response:
        return no(190, "Error validating access token: The session has been invalidated", 400, subcode=460)

    def busy(self, seconds: float = 1.0) -> Response:
        answer = no(4, "Application request limit reached", 403)
        used = {"type": "pages", "call_count": 100, "estimated_time_to_regain_access": ceil(seconds / 60)}
        if seconds > 60:
            answer.headers["x-business-use-case-usage"] = json.dumps({"1": [used]})
        return answer

    async def debug_token(self, request: Request) -> Response:
        return says({"data": {"is_valid": not self.revoked, "expires_at": self.ends}})

    async def delete(self, request: Request) -> Response:
        if not self.remove(request.path_params["id"]):
            return no(100, "Unsupported delete request. Object does not exist", 404, subcode=33)
        return says({"success": True})

    async def publish_container(self, request: Request, wish: dict[str, Any]) -> Response:
        """Makes a container visible, once."""
        kept = self.containers.get(wish.get("creation_id", ""))
        if kept is None or kept.published:
            return no(24, "The requested resource does not exist", subcode=2207006)
        if kept.looks > 0:
            return no(9007, "Media ID is not available", subcode=2207027)

        def answer(post: Visible) -> Response:
            kept.published = True
            return says({"id": post.id})

        return await self.show(request, kept.text, answer, alt=kept.alt, image=kept.image, answers=kept.answers)

    def looked_at(self, name: str, state: str) -> Response | None:
        """How a container stands, in the field `state`; None when there is none of that name."""
        kept = self.containers.get(name)
        if kept is None:
            return None
        kept.looks -= 1
        stands = "ERROR" if kept.failed else "PUBLISHED" if kept.published else "FINISHED" if kept.looks <= 0 else ""
        return says({"id": name, state: stands or "IN_PROGRESS", "error_message": kept.failed or None})


def page_of(
    network: Graph,
    request: Request,
    shown: Callable[[Visible], dict[str, Any]],
    among: Callable[[Visible], bool],
) -> Response:
    """A page of a listing, newest first, with the cursor of the next where there is one."""
    asked = request.query_params
    size = min(int(asked.get("limit", 25)), 100)
    page = [post for post in network.listed(asked.get("after")) if among(post)][:size]
    whole: dict[str, Any] = {"data": [shown(post) for post in page]}
    if len(page) == size:
        whole["paging"] = {"cursors": {"after": page[-1].id}, "next": f"{request.url}&after={page[-1].id}"}
    return says(whole)


def instant(post: Visible) -> str:
    """Meta writes its zone as +0000."""
    return post.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def no(code: int, why: str, status: int = 400, *, subcode: int = 0) -> Response:
    """How the Graph API says no."""
    error = {"message": f"(#{code}) {why}", "type": "OAuthException", "code": code, "fbtrace_id": "A1practice"}
    return says({"error": {**error, "error_subcode": subcode} if subcode else error}, status)
