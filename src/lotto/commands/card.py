"""The card of a draw as a file."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from lotto.commands.arguments import key_of, lottery_of
from lotto.commands.terminal import out
from lotto.draws.draw import Draw
from lotto.house import House
from lotto.imaker.renderer import FORMATS, LOOK, Renderer
from lotto.ledger import queries
from lotto.place import configured, looking
from lotto.settings import BadSetting
from lotto.words import CARD_LANGUAGES


def card(
    draw: Annotated[str, typer.Argument(help="LOTTERY, LOTTERY/DATE or LOTTERY/DATE/LABEL.")],
    file: Annotated[Path, typer.Option("--out", help="The PNG to write.")],
    form: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(FORMATS)}.")] = "og",
    lang: Annotated[str, typer.Option(help=f"One of: {', '.join(CARD_LANGUAGES)}.")] = "en",
) -> None:
    """Draws the card of a draw the ledger knows, the newest if no date is given."""
    if form not in FORMATS:
        raise BadSetting(f"There is no format “{form}”; the formats are {', '.join(FORMATS)}.")
    if lang not in CARD_LANGUAGES:
        raise BadSetting(f"There is no language “{lang}”; the languages are {', '.join(CARD_LANGUAGES)}.")

    async def found(house: House) -> Draw | None:
        async with house.look("card") as ledger, ledger.reading() as conn:
            if "/" in draw:
                return await queries.draw(conn, key_of(draw))
            newest = await queries.latest(conn, [draw])
            return newest[0] if newest else None

    with looking(configured()) as place:
        house = place.house()
        lottery = lottery_of(house.catalogue.lotteries, draw.partition("/")[0])
        one = asyncio.run(found(house))
    if one is None or not one.numbers:
        raise BadSetting(f"The ledger has no published result of {draw}; `lotto scrape {lottery.id}` asks for it.")
    picture = Renderer().draw(lottery, one, form, lang, LOOK)
    file.write_bytes(picture.data)
    out.print(f"{file}: {picture.width} × {picture.height}, {len(picture.data) / 1000:.0f} kB", highlight=False)
    out.print(picture.alt, highlight=False, markup=False)
