"""Verifying: the ledger is what was written and signed, and what was written is what the pages say."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from lotto.catalogue import Catalogue
from lotto.house import House
from lotto.ledger import chain, evidence, restored
from lotto.ledger.connection import Connection
from lotto.ledger.evidence import ObservedPage
from lotto.proof.checkpoint import FOLDER, BadCheckpoint, Checkpoint
from lotto.proof.note import BadNote, Verifier
from lotto.scraper.reading import sort
from lotto.scraper.sources.source import Page, Reading, Source, SourceError
from lotto.store import NotInStore, Store
from lotto.store.key import place
from lotto.told import Told


@dataclass
class Findings:
    """What was looked at, and all that is wrong, each in a sentence."""

    proof: chain.Proof = field(default_factory=lambda: chain.Proof(0, chain.GENESIS))
    checkpoints: list[Checkpoint] = field(default_factory=list)
    outlived: int = 0
    """Checkpoints of what was lost when the ledger was restored from a backup."""
    published: int = 0
    pages: int = 0
    read: int = 0
    """Pages that were read again: those that were read by today's readers."""
    wrong: list[str] = field(default_factory=list)


async def ledger(house: House, verifier: Verifier | None, told: Told) -> Findings:
    """Hashes the chain again, and holds it against what was signed; `verifier` is None where there is no key."""
    found = Findings()
    async with house.look("verify") as ours, ours.reading() as conn:
        signed = [one async for one in _signed(house.store(), verifier, ours.environment, found)]
        total = (await chain.end(conn)).seq
        hashes: dict[int, str] = {}
        wanted = {one.count for one in signed}

        def passing(proof: chain.Proof) -> None:
            if proof.count in wanted:
                hashes[proof.count] = proof.hash
            if proof.count % 1000 == 0:
                told("results", proof.count, total)

        found.proof = await chain.verify(conn, passing)
        told("results", found.proof.count, total)
        if found.proof.wrong:
            found.wrong.append(f"{found.proof.wrong} The {found.proof.count} results before it hold.")
            return found
        for one in signed:
            if hashes.get(one.count) == one.hash:
                found.checkpoints.append(one)
            elif await restored.leaves_in_doubt(conn, one.made_at):
                found.outlived += 1
            elif one.count > found.proof.count:
                found.wrong.append(
                    f"On {one.made_at:%Y-%m-%d at %H:%M} UTC the ledger had {one.count} results, and now it has "
                    f"{found.proof.count}: results were cut from its end."
                )
            else:
                found.wrong.append(
                    f"Result {one.count} is not the one that was signed on {one.made_at:%Y-%m-%d at %H:%M} UTC: "
                    "the ledger was written anew."
                )
    return found


async def basis(house: House, found: Findings, told: Told) -> None:
    """Adds whether every published draw has its evidence, and every page still lies in the store and says the same."""
    async with house.look("verify") as ours, ours.reading() as conn:
        found.published = await evidence.published(conn)
        async for key, why in evidence.unfounded(conn):
            found.wrong.append(f"{key}: {why}")
        async for key, why in evidence.unruled(conn):
            found.wrong.append(f"{key}: {why}")
        await _pages(conn, house, found, told)


async def _signed(
    store: Store, verifier: Verifier | None, environment: str, found: Findings
) -> AsyncIterator[Checkpoint]:
    """The checkpoints that the store holds and our key signed; of all others is told what is wrong."""
    keys = await store.list(FOLDER)
    if verifier is None:
        if keys:
            found.wrong.append(
                f"There are {len(keys)} checkpoints in the store, and here is no key to check them with: "
                "put signing.key back into the data directory, or give the public key with --key."
            )
        return
    for key in keys:
        try:
            one = Checkpoint.parse(verifier.opened(await store.get(key)))
        except (BadNote, BadCheckpoint) as error:
            found.wrong.append(f"The checkpoint {key} does not hold: {error}")
            continue
        if one.environment == environment:
            yield one
        else:
            found.wrong.append(f"The checkpoint {key} is of a {one.environment} ledger, and this one is {environment}.")


async def _pages(conn: Connection, house: House, found: Findings, told: Told) -> None:
    store = house.store()
    total = await evidence.counted_pages(conn)
    async for one in evidence.pages(conn):
        found.pages += 1
        told("pages", found.pages, total)
        try:
            body = await store.get(place("raw", one.page, "page"))
        except NotInStore:
            found.wrong.append(f"The page {one.page} of {one.source} ({one.url}) is not in the store.")
            continue
        if hashlib.sha256(body).hexdigest() != one.page:
            found.wrong.append(f"The page {one.page} of {one.source} ({one.url}) was changed in the store.")
            continue
        source = house.sources.get(one.source)
        if source is None or one.asked_at is None or all(was.parser != source.parser for was in one.found):
            continue
        found.read += 1
        page = Page(one.url or source.home, body, one.asked_at)
        if why := await asyncio.to_thread(_reads_otherwise, house.catalogue, source, page, one):
            found.wrong.append(f"The page {one.page} of {one.source} ({one.url}) does not read as it did: {why}")


def _reads_otherwise(catalogue: Catalogue, source: Source, page: Page, one: ObservedPage) -> str:
    """What the page says otherwise than was observed; empty when it says the same."""
    try:
        yielded = list(source.read(page))
    except SourceError as error:
        return str(error)
    readings = (reading for reading in yielded if isinstance(reading, Reading))
    ours = sort(catalogue, source, readings, one.page, page.at).ours
    now = {said.key: said.numbers for some in ours.values() for said in some}
    for was in one.found:
        if was.parser == source.parser and now.get(was.key) != was.numbers:
            return f"{was.key} was {dict(was.numbers)}, and is {dict(now.get(was.key, {}))}."
    return ""
