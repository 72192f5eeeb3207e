"""A ledger saved as a file, and a new one filled from it."""

from pathlib import Path
from typing import Annotated

import typer

from lotto import backup
from lotto.commands.terminal import out, progress
from lotto.house import wall_clock
from lotto.place import configured, keeping, looking


def save_ledger(
    to: Annotated[Path, typer.Argument(help="A folder, or the file to write.")],
    with_store: Annotated[bool, typer.Option("--with-store", help="Save cards and pages as well.")] = False,
) -> None:
    """Saves one moment of the ledger as one file, while the services go on."""
    now = wall_clock()
    path = to / f"lotto-{now:%Y%m%dT%H%M%SZ}.zip" if to.is_dir() else to
    with looking(configured()) as place, progress() as told:
        store = place.house().store() if with_store else None
        saved = backup.save(place.database_url, path, now, told, store)
    out.print(f"{path}: {path.stat().st_size / 1e6:.1f} MB", highlight=False, markup=False)
    rows = sum(table.rows for table in saved.tables.values())
    out.print(f"{len(saved.tables)} tables with {rows} rows, schema {saved.schema}, {saved.environment}.")
    out.print(f"{saved.results} results; the last hash is {saved.last_hash}.", highlight=False)
    kept = "are in it" if with_store else "are not in it: keep the store as well"
    out.print(f"{saved.store.objects} cards and pages of the store {kept}.", highlight=False)


def load_ledger(file: Annotated[Path, typer.Argument(help="What `lotto backup` wrote.")]) -> None:
    """Fills a new, empty ledger from a backup: all of it, proved to its last hash, or nothing."""
    with keeping(configured()) as place, progress() as told:
        house = place.house()
        loaded = backup.load(place.database_url, file, house.environment, house.store(), house.world(), told)
    was = loaded.manifest
    rows = sum(table.rows for table in was.tables.values())
    out.print(f"{len(was.tables)} tables with {rows} rows, as they were at {was.made_at:%Y-%m-%d %H:%M:%S} UTC.")
    out.print(f"{was.results} results hold; the last hash is {was.last_hash}.", highlight=False)
    for key in loaded.missing[:20]:
        out.print(f"missing in the store: {key}", highlight=False, markup=False)
    if loaded.missing:
        out.print(f"{len(loaded.missing)} of {was.store.objects} cards and pages are missing in the store.")
    else:
        out.print(f"All {was.store.objects} cards and pages are in the store.")
    out.print("What may have been posted since is in doubt, and looked for before anything is posted again.")
    for name in loaded.resting:
        out.print(
            f"The account {name} rests: whoever has left its list since the backup is on it again, and would be "
            f"written to. When that is right, `lotto account wake {name}`.",
            highlight=False,
        )
