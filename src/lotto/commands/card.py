"""The card of a draw, of a draw to come, or of a day's results, as a file."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from lotto.commands.arguments import among, key_of, lottery_of
from lotto.commands.terminal import out
from lotto.draws.draw import Draw, DrawKey
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.imaker.encoder import SUFFIX, Encoding
from lotto.imaker.face import Kind
from lotto.imaker.look import looks
from lotto.imaker.renderer import FORMATS, Picture
from lotto.ledger import queries, subjects
from lotto.ledger.connection import Connection
from lotto.place import configured, looking
from lotto.settings import BadSetting
from lotto.words import CARD_LANGUAGES


def card(
    subject: Annotated[
        str, typer.Argument(help="LOTTERY, LOTTERY/DATE or LOTTERY/DATE/LABEL; of a digest COLLECTION/DATE.")
    ],
    file: Annotated[Path, typer.Option("--out", help="The file to write: .png, .jpg or .webp.")],
    form: Annotated[str, typer.Option("--format", help=f"One of: {', '.join(FORMATS)}.")] = "og",
    lang: Annotated[str, typer.Option(help=f"One of: {', '.join(CARD_LANGUAGES)}.")] = "en",
    kind: Annotated[Kind, typer.Option(help="What the card is about.")] = Kind.RESULT,
    look: Annotated[str | None, typer.Option(help="The design; without it LOTTO_CARD_LOOK.")] = None,
    most: Annotated[int, typer.Option("--bytes", min=0, help="The most bytes the file may have; 0: any.")] = 0,
) -> None:
    """Draws the card of what the ledger knows: a result, its prizes, the next draw, or a day of a collection."""
    settings = configured()
    encoding = _encoding(file, most)
    chosen = among(look or settings.card_look, looks(settings.card_looks_dir), "look")
    among(form, FORMATS, "format")
    among(lang, CARD_LANGUAGES, "language")
    with looking(settings) as place:
        house = place.house()
        if kind is Kind.DIGEST:
            title, day, results = asyncio.run(_day(house, subject))
            pictures = house.renderer().digest(title, day, results, form, lang, chosen, encoding)
        else:
            lottery = lottery_of(house.catalogue.lotteries, subject.partition("/")[0])
            draw = asyncio.run(_draw(house, lottery, subject, kind))
            pictures = (house.renderer().draw(lottery, draw, form, lang, chosen, kind, encoding),)
    _write(file, pictures)


def _encoding(file: Path, most: int) -> Encoding:
    media = {f".{suffix}": media for media, suffix in SUFFIX.items()} | {".jpeg": "image/jpeg"}
    if file.suffix.lower() not in media:
        raise BadSetting(f"{file} must end in .png, .jpg or .webp, which says what to write.")
    return Encoding((media[file.suffix.lower()],), most)


async def _draw(house: House, lottery: Lottery, subject: str, kind: Kind) -> Draw:
    """The draw that is meant, the newest without a date; of `next` the one that comes after now."""
    async with house.look("card") as ledger, ledger.reading() as conn:
        if kind is Kind.NEXT:
            return await _next(house, conn, lottery, subject)
        if "/" in subject:
            one = await queries.draw(conn, key_of(subject))
        else:
            one = next(iter(await queries.latest(conn, [subject])), None)
    if one is None or not one.numbers:
        raise BadSetting(f"The ledger has no published result of {subject}; `lotto scrape {lottery.id}` asks for it.")
    return one


async def _next(house: House, conn: Connection, lottery: Lottery, subject: str) -> Draw:
    if "/" in subject:
        raise BadSetting(f"The next draw has no date to be named by; write {lottery.id} alone.")
    coming = await subjects.coming(conn, lottery, house.world())
    if coming is None:
        raise BadSetting(f"The calendar of {lottery.id} knows no draw within the coming two months.")
    return coming


async def _day(house: House, subject: str) -> tuple[str, date, list[tuple[Lottery, Draw]]]:
    """The collection's name, the day, and what was published of it, in the collection's order."""
    key: DrawKey = key_of(subject)
    collection = house.catalogue.collections.get(key.lottery)
    if collection is None:
        known = ", ".join(house.catalogue.collections)
        raise BadSetting(f"There is no collection “{key.lottery}”; the catalogue has {known}.")
    async with house.look("card") as ledger, ledger.reading() as conn:
        found = await subjects.of_day(conn, collection.lotteries, key.date)
    if not found:
        raise BadSetting(f"The ledger has no published result of {collection.name} of {key.date}.")
    return collection.name, key.date, [(house.catalogue.lotteries[one.key.lottery], one) for one in found]


def _write(file: Path, pictures: Sequence[Picture]) -> None:
    for number, picture in enumerate(pictures, 1):
        path = file if len(pictures) == 1 else file.with_stem(f"{file.stem}-{number}")
        path.write_bytes(picture.data)
        size = f"{picture.width} × {picture.height}, {len(picture.data) / 1000:.0f} kB"
        out.print(f"{path}: {size}", highlight=False)
        out.print(picture.alt, highlight=False, markup=False)
