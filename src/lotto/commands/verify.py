"""The proof that the ledger is as it was written, and that it says what the pages said."""

import asyncio
from typing import Annotated

import typer

from lotto import verify
from lotto.commands.terminal import out, progress
from lotto.ledger.connection import LedgerError
from lotto.place import configured, looking
from lotto.proof.note import BadKey, Signer, Verifier
from lotto.settings import BadSetting, Settings

SHOWN = 20
"""So many of the things that are wrong are told."""


def prove(
    chain_only: Annotated[bool, typer.Option("--chain", help="Only results and checkpoints: quick.")] = False,
    key: Annotated[str | None, typer.Option(help="The public key; without it that of the key file.")] = None,
) -> None:
    """Proves that no result was changed or cut off since it was signed, and that the pages still say so."""
    settings = configured()
    with looking(settings) as place, progress() as told:
        house = place.house()
        verifier = _verifier(place.settings, key)
        found = asyncio.run(verify.ledger(house, verifier, told))
        if not found.wrong and not chain_only:
            asyncio.run(verify.basis(house, found, told))
    for words in found.wrong[1:SHOWN]:
        out.print(words, highlight=False, markup=False)
    if len(found.wrong) > SHOWN:
        out.print(f"And {len(found.wrong) - SHOWN} more.")
    if found.wrong:
        raise LedgerError(found.wrong[0])

    def say(words: str) -> None:
        out.print(words, highlight=False, markup=False)

    say(f"{found.proof.count} results hold, one linked to the next. The last hash is {found.proof.hash}.")
    if found.checkpoints:
        last = max(found.checkpoints, key=lambda one: one.count)
        say(f"Checkpoints that agree: {len(found.checkpoints)}, all signed with {verifier}.")
        say(f"The newest is of {last.made_at:%Y-%m-%d %H:%M} UTC and covers {last.count} results.")
    else:
        say("Nothing of it was signed yet: a scraper signs checkpoints.")
    if found.outlived:
        say(f"Checkpoints of what was lost when this ledger was restored from a backup: {found.outlived}.")
    if not chain_only:
        say(f"{found.published} published draws have their evidence.")
        say(f"{found.pages} pages lie in the store as they came; {found.read} were read again and say the same.")


def _verifier(settings: Settings, key: str | None) -> Verifier | None:
    if key is not None:
        try:
            return Verifier.parse(key)
        except BadKey as error:
            raise BadSetting(str(error)) from None
    return Signer.read(settings.signing_key).verifier if settings.signing_key.exists() else None
