"""Health: is this process alive, is it ready, and how is the rest of the house."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST
from psycopg import OperationalError
from psycopg_pool import PoolTimeout

from lotto.api import metrics
from lotto.api.problems import RESPONSES, Responses, answer
from lotto.api.room import Here
from lotto.api.schemas import Check, Ready
from lotto.ledger import queries, schema
from lotto.report import figures
from lotto.report.verdict import PATIENCE
from lotto.watch.state import State

router = APIRouter(tags=["Health"])

AWAY: Responses = {503: RESPONSES[503]}

NUMBERS: Responses = {200: {"content": {"text/plain": {}}}, **AWAY}

GLANCE = 0.5
"""Seconds the queue has to answer a question after readiness: whoever asks that does not wait long."""


@router.get("/healthz")
async def alive() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


@router.get("/readyz", response_model=Ready, responses=AWAY)
async def ready(room: Here) -> Response | Ready:
    """Whether reads can be served: the ledger answers and its schema serves this code.

    The queue may be away and the outbox behind: reads go on without them, so they are told and change nothing.
    """
    try:
        async with room.ledger.reading() as conn:
            misfit = await schema.misfit(conn)
            at = await schema.version(conn)
            if misfit:
                return answer(503, misfit)
            unsaid = await figures.unsaid(conn, room.wall(), room.clock())
            sources = (await room.lookout.look(conn)).sources
    except (OperationalError, PoolTimeout):
        return answer(503, "The ledger cannot be reached now.")
    _, away = await figures.queue(room.redis, room.enrolled, within=GLANCE)
    oldest = max((one.oldest_seconds for one in unsaid), default=0.0)
    waiting = sum(one.waiting for one in unsaid)
    awake = [one for one in sources if one.worst.state is not State.RESTING]
    ailing = [f"{one.source.name} is {one.worst.state}" for one in awake if one.worst.state.needs_a_person]
    return Ready(
        status="ready",
        version=at,
        checks={
            "ledger": Check(well=True, says="It answers."),
            "schema": Check(well=True, says=f"It is {at} and serves this code."),
            "queue": Check(well=away is None, says="It answers." if away is None else "It does not answer."),
            "sources": Check(
                well=not ailing,
                says=f"{len(awake)} are watched" + (f"; {', '.join(ailing)}." if ailing else "."),
            ),
            "outbox": Check(well=oldest < PATIENCE, says=f"{waiting} wait to be said.", oldest_seconds=oldest),
        },
    )


@router.get("/metrics", response_class=Response, responses=NUMBERS)
async def numbers(room: Here) -> Response:
    """The house in numbers, for Prometheus."""
    async with room.ledger.reading() as conn:
        report = await figures.gather(conn, room.redis, room.enrolled, room.lookout.look, room.wall(), room.clock())
        draws = await queries.counted(conn)
        position = await queries.position(conn)
    return Response(metrics.written(report, draws, position), media_type=CONTENT_TYPE_LATEST)
