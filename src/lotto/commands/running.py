"""Running the house: all of it on a practice world or the real one, or one service."""

from typing import Annotated

import typer

from lotto import demo
from lotto.commands.terminal import out, until_told
from lotto.house import House, following
from lotto.place import Place, configured, keeping
from lotto.replay.chapters import CHAPTERS
from lotto.services import SERVICES, Services
from lotto.settings import BadSetting


def run_demo(
    every: Annotated[float, typer.Option(min=1.0, help="Seconds from one draw to the next.")] = 4.0,
    chapters: Annotated[str, typer.Option(help=f"Which days are played: {', '.join(CHAPTERS)}.")] = "demo",
) -> None:
    """Runs the whole house on known draws: no internet, no accounts. Ctrl-C stops it; it goes on where it was."""
    settings = configured()
    own = settings.model_copy(update={"data_dir": settings.data_dir / chapters})
    out.print(f"[bold]Lotto[/bold] on a practice world, kept in {own.data_dir}. Ctrl-C stops it.", highlight=False)
    with keeping(own) as place:
        until_told(lambda: demo.run(own, place.database_url, place.redis_url, every=every, chapters=chapters))


def up() -> None:
    """Runs every service here on the real sources, with the servers that have no URL."""
    settings = configured()
    with keeping(settings) as place:
        house = place.house()
        house.prepare()
        out.print(f"[bold]Lotto[/bold] is at {settings.address}. Ctrl-C stops it.", highlight=False)
        until_told(lambda: Services(house).run(SERVICES))


def run(service: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")]) -> None:
    """Runs one service against the servers the environment names."""
    if service not in SERVICES:
        raise BadSetting(f"There is no service “{service}”; the services are {', '.join(SERVICES)}.")
    settings = configured()
    if service == "web":
        if settings.api_url is None:
            raise BadSetting("LOTTO_API_URL is not set: the pages are made of what the API at that address says.")
        house = House(settings, database_url="", redis_url="", practice=following(settings))
    else:
        house = Place(settings, settings.external("database_url"), settings.external("redis_url")).house()
    until_told(lambda: Services(house).run([service]))


def migrate() -> None:
    """Brings the ledger's schema to this version's; harmless when it is there."""
    with keeping(configured()) as place:
        place.house().prepare()
    out.print("The ledger is ready.")
