"""The sides of the measurements `reads` and `board`, each a server: `python -m bench.served SIDE PORT FOLDER`.

`ours` is the API as `lotto run api` serves it, `site` that and the pages over it, as `lotto up` does. `constant` gives
the same bytes on the same server and looks at nothing: in Python nothing is faster there. `orm` is what one writes in
an afternoon: FastAPI, SQLAlchemy's ORM, response models. `statements` sends PostgreSQL one statement for one draw by
bare psycopg, and answers with the body that came back. The folder holds `bench.json`: the addresses of the engines, and
the constant answers.
"""

import asyncio
import datetime as dt
import json
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException
from psycopg_pool import AsyncConnectionPool
from pydantic import BaseModel
from sqlalchemy import BigInteger, ForeignKey, select
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship
from starlette.types import ASGIApp, Receive, Scope, Send

from lotto.house import House
from lotto.serving import serving
from lotto.settings import Settings

Facts = dict[str, Any]


@asynccontextmanager
async def ours(facts: Facts, folder: Path) -> AsyncIterator[ASGIApp]:
    """The API of a house."""
    house = House(Settings(data_dir=folder), database_url=facts["database_url"], redis_url=facts["redis_url"])
    async with house.api() as app:
        yield app


@asynccontextmanager
async def site(facts: Facts, folder: Path) -> AsyncIterator[ASGIApp]:
    """The pages of a house."""
    house = House(Settings(data_dir=folder), database_url=facts["database_url"], redis_url=facts["redis_url"])
    async with house.site() as app:
        yield app


@asynccontextmanager
async def constant(facts: Facts, _: Path) -> AsyncIterator[ASGIApp]:
    """The same head and bytes for each address, made before anyone asks."""
    answers = {
        path: (
            {"type": "http.response.start", "status": 200, "headers": [(n.encode(), v.encode()) for n, v in headers]},
            {"type": "http.response.body", "body": body.encode()},
        )
        for path, (headers, body) in facts["answers"].items()
    }

    async def app(scope: Scope, _: Receive, send: Send) -> None:
        start, body = answers[scope["path"]]
        await send(start)
        await send(body)

    yield app


@asynccontextmanager
async def statements(facts: Facts, _: Path) -> AsyncIterator[ASGIApp]:
    """One statement a request."""
    head = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    async with AsyncConnectionPool(facts["database_url"], min_size=8, max_size=8, kwargs={"autocommit": True}) as pool:

        async def app(scope: Scope, _: Receive, send: Send) -> None:
            _, _, _, _, lottery, _, day, *label = scope["path"].split("/")
            async with pool.connection() as conn:
                row = await (
                    await conn.execute(
                        """SELECT result.body::text FROM draw JOIN result USING (seq)
                           WHERE draw.lottery = %s AND draw.date = %s AND draw.label = %s""",
                        [lottery, day, "".join(label)],
                    )
                ).fetchone()
            await send(head)
            await send({"type": "http.response.body", "body": row[0].encode() if row else b""})

        yield app


class Base(DeclarativeBase):
    """The models' own."""


class ResultRow(Base):
    """A result."""

    __tablename__ = "result"
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[Facts] = mapped_column(JSONB)


class DrawRow(Base):
    """Where a draw stands."""

    __tablename__ = "draw"
    lottery: Mapped[str] = mapped_column(primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    drawn_at: Mapped[dt.datetime]
    status: Mapped[str]
    seq: Mapped[int] = mapped_column(ForeignKey("result.seq"))
    result: Mapped[ResultRow] = relationship()


class Shown(BaseModel):
    """A draw as the world sees it."""

    lottery: str
    date: dt.date
    label: str
    drawn_at: dt.datetime
    status: str
    revision: int
    update: int
    numbers: dict[str, list[int | str | None]]
    sources: list[dict[str, Any]]


class Page(BaseModel):
    """A list of draws."""

    items: list[Shown]
    next: str | None


@asynccontextmanager
async def orm(facts: Facts, _: Path) -> AsyncIterator[ASGIApp]:
    """The newest draws and one draw, by models."""
    engine = create_async_engine(facts["database_url"].replace("postgresql://", "postgresql+psycopg://"))
    session = async_sessionmaker(engine)
    app = FastAPI()

    def shown(row: DrawRow) -> Shown:
        body = row.result.body
        return Shown(
            lottery=row.lottery,
            date=row.date,
            label=row.label,
            drawn_at=row.drawn_at.astimezone(dt.UTC),
            status=row.status,
            revision=body.get("revision", 0),
            update=body.get("update", 0),
            numbers=body.get("numbers", {}),
            sources=body.get("sources", []),
        )

    @app.get("/api/v1/results/latest")
    async def latest() -> Page:
        newest = (
            select(DrawRow)
            .options(joinedload(DrawRow.result))
            .ext(distinct_on(DrawRow.lottery))
            .order_by(DrawRow.lottery, DrawRow.drawn_at.desc())
        )
        async with session() as db:
            return Page(items=[shown(row) for row in (await db.scalars(newest)).all()], next=None)

    @app.get("/api/v1/lotteries/{lottery}/draws/{day}")
    async def draw(lottery: str, day: dt.date) -> Shown:
        one = select(DrawRow).options(joinedload(DrawRow.result)).filter_by(lottery=lottery, date=day, label="")
        async with session() as db:
            row = (await db.scalars(one)).one_or_none()
        if row is None:
            raise HTTPException(404)
        return shown(row)

    try:
        yield app
    finally:
        await engine.dispose()


SIDES = {"ours": ours, "site": site, "constant": constant, "orm": orm, "statements": statements}


async def main(side: str, port: int, folder: Path) -> None:
    """Serves that side until it is told to stop."""
    facts = json.loads((folder / "bench.json").read_text())
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    made: AbstractAsyncContextManager[ASGIApp] = SIDES[side](facts, folder)
    async with made as app, serving(app, "127.0.0.1", port):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
