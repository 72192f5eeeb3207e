"""What a house needs, and whether it is there."""

import asyncio

import typer
from rich.markup import escape

from lotto import doctor
from lotto.commands.terminal import out
from lotto.place import Place, configured, keeping


def see_doctor() -> None:
    """Looks at everything a house needs and says what to do about what is missing."""

    async def seen(place: Place) -> list[doctor.Finding]:
        return [one async for one in doctor.examine(place.settings, place.database_url, place.redis_url)]

    with keeping(configured()) as place:
        findings = asyncio.run(seen(place))
    for one in findings:
        out.print("[green]✓[/]" if one.well else "[red]✗[/]", f"{one.subject:<11}", escape(one.words), highlight=False)
    if not all(one.well for one in findings):
        raise typer.Exit(1)
