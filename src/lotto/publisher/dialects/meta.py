"""How Meta's three networks speak: the Graph API's refusals, pages of listings, and containers that are published.

A container is a post that nobody sees yet. It is made, is worked on, and becomes visible by one more request.
Source: Graph API v25.0, “Handling Errors”, “Rate Limits”; Instagram and Threads, “Content Publishing”.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from lotto.door import Answer
from lotto.publisher.asking import BREATH, LONGEST_BREATH, Api, Objection, as_form, refusal
from lotto.publisher.networks.network import Barred, OutOfSight, Refused, Sheet, SlowDown, TryLater, Unknown
from lotto.publisher.timing import Rate

VERSION = "v25.0"
"""Of the Graph API; Meta keeps a version for two years."""

LOOKS = 12
"""How often a container is looked at until it is ready, a second and a half apart."""

PAGES = 10
"""Pages of a hundred posts that are looked through for one, at the most."""

_SLOW = frozenset({4, 17, 32, 341, 613, 80001, 80002, 80006})
_OUT = frozenset({10, 102, 190, 368, *range(200, 300)})
"""Refusals that hold for every post: the token, a permission, the account itself."""

_TWICE = frozenset({506})
"""The same words were posted just before."""


class NotReady(Refused):
    """The container is worked on still."""


def objection(network: str) -> Objection:
    """What is wrong with an answer of the Graph API, by its own numbers."""

    def found(answer: Answer, told: Any) -> Exception | None:
        if 200 <= answer.status < 300:
            return None
        error = told.get("error", {}) if isinstance(told, dict) else {}
        code, words = int(error.get("code", 0)), str(error.get("message", ""))
        if code in _SLOW or error.get("error_subcode") == 2207042:
            return SlowDown(f"{network} asks us to slow down: {words}", _regained(answer))
        if code in _TWICE:
            return Unknown(f"{network} says that a post of these words stands already.")
        if code in _OUT:
            return Barred(f"{network} does not let us in: {words} ({code})")
        if code == 9007 or error.get("error_subcode") == 2207027:
            return NotReady(f"{network} has not made the picture ready yet.")
        if error.get("is_transient") or code in (1, 2):
            return Unknown(f"{network} failed: {words} ({code})")
        return refusal(network, answer, f"{words} ({code})")

    return found


def _regained(answer: Answer) -> float:
    """Seconds until we may ask again, by the headers that tell how much we used: minutes, as Meta gives them."""
    try:
        usage = msgspec.json.decode(answer.headers.get("x-business-use-case-usage", "{}"), type=dict[str, Any])
    except msgspec.MsgspecError:
        usage = {}
    told = [float(one.get("estimated_time_to_regain_access", 0)) * 60 for used in usage.values() for one in used]
    return min(max([*told, BREATH]), LONGEST_BREATH)


async def publish(api: Api, make: str, wish: Mapping[str, str], publishing: str, state: str) -> str:
    """Makes a container, waits until it is ready, publishes it, and returns the post's id.

    `make` and `publishing` are paths, `state` the field in which the container says how it stands.
    """
    container = (await api.call("POST", make, as_form(wish), harmless=True))["id"]
    for _ in range(LOOKS):
        told = await api.get(
            container, {"fields": f"{state},error_message" if state == "status" else f"{state},status"}
        )
        if told[state] == "FINISHED":
            break
        if told[state] in ("ERROR", "EXPIRED"):
            raise Refused(
                f"The picture was not taken: {told.get('error_message') or told.get('status') or told[state]}"
            )
        await asyncio.sleep(1.5)
    else:
        raise TryLater("The picture is still worked on.", BREATH)
    try:
        return str((await api.call("POST", publishing, as_form({"creation_id": container})))["id"])
    except NotReady as error:
        raise TryLater(str(error), BREATH / 2) from error


async def listed(
    api: Api, path: str, query: Mapping[str, str], at: str, sheet: Sheet
) -> AsyncIterator[Mapping[str, Any]]:
    """What is listed there, newest first, back to where the sheet cannot stand; `at` names the field of its time."""
    page = await api.get(path, {"limit": "100", **query})
    for _ in range(PAGES):
        for one in page["data"]:
            yield one
        if not page["data"] or _instant(page["data"][-1][at]) < sheet.since:
            return
        following = page.get("paging", {}).get("cursors", {}).get("after")
        if not following or not page["paging"].get("next"):
            return
        page = await api.get(path, {"limit": "100", **query, "after": following})
    raise OutOfSight(PAGES * 100)


@dataclass(frozen=True)
class Quota:
    """How often an account may publish, by its network's own word."""

    used: int
    """Of it, lately."""
    rate: Rate


async def quota(api: Api, path: str) -> Quota:
    """What stands there of an account's publishing limit."""
    told = (await api.get(path, {"fields": "quota_usage,config"}))["data"][0]
    config = told["config"]
    rate = Rate(int(config["quota_total"]), timedelta(seconds=int(config["quota_duration"])))
    return Quota(int(told["quota_usage"]), rate)


async def address(api: Api, post: str) -> str | None:
    """Where a post is to be seen; None where it does not say just now, since it stands all the same."""
    try:
        return str((await api.get(post, {"fields": "permalink"}))["permalink"])
    except (TryLater, Unknown, Refused):
        return None


async def expiry(api: Api, token: str) -> datetime | None:
    """When a token ends, by the network's own word; None where it does not end, or that is not told to us."""
    try:
        told = await api.get("debug_token", {"input_token": token})
    except Refused:
        return None
    ends = int(told["data"].get("expires_at", 0))
    return datetime.fromtimestamp(ends, UTC) if ends else None


def _instant(told: str) -> datetime:
    """Meta writes its zone as +0000."""
    return datetime.strptime(told, "%Y-%m-%dT%H:%M:%S%z")
