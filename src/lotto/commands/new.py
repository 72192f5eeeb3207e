"""What a newcomer begins with: the file of a lottery, a source or a collection, written where it belongs."""

import re
import sys
import tomllib
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Annotated, TypeVar, get_args

import typer

import lotto
from lotto import catalogue, skeletons
from lotto.catalogue import BadFile
from lotto.catalogue.load import OURS
from lotto.commands.arguments import source_of
from lotto.commands.terminal import out
from lotto.place import configured
from lotto.scraper.shelf import shelf
from lotto.settings import BadSetting
from lotto.skeletons import FILL_IN, Format, LotteryFacts, PoolFacts, SourceFacts

T = TypeVar("T")

beginnings = typer.Typer(
    help="Writes the file that a new lottery, source or collection begins as.", no_args_is_help=True
)

FORMATS: tuple[Format, ...] = get_args(Format)

To = Annotated[Path | None, typer.Option("--to", help="A folder of your own; it is made where it is not there.")]


@beginnings.command("lottery")
def new_lottery(
    id: Annotated[str, typer.Argument(help="Two letters of the country, _ and a name: br_dupla_sena.")],  # noqa: A002
    name: Annotated[str | None, typer.Option(help="As people say it.")] = None,
    operator: Annotated[str | None, typer.Option(help="Who draws it.")] = None,
    zone: Annotated[str | None, typer.Option(help="Its time zone, as America/Sao_Paulo.")] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639.")] = None,
    source: Annotated[str | None, typer.Option(help="The source that shows it.")] = None,
    called: Annotated[str | None, typer.Option(help="What that source calls it, exactly.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="The first day of its rules, as 2024-01-31.")] = None,
    days: Annotated[str | None, typer.Option(help="Its weekdays, as “Wed Sat”.")] = None,
    at: Annotated[str | None, typer.Option(help="The local time of its draws, as 20:00.")] = None,
    pool: Annotated[
        list[str] | None, typer.Option(help="main=6:1-49, bonus=1:rest or main=3:digits; as often as there are pools.")
    ] = None,
    to: To = None,
) -> None:
    """Writes a lottery's file, which loads at once; what you do not say is asked for, or marked FILL IN."""
    _named(id, "lottery", "br_dupla_sena")
    known = catalogue.load(configured().catalogue_dir)
    if id in known.lotteries:
        raise BadSetting(f"There is a lottery “{id}” already, {known.lotteries[id].name}; take another name.")
    country = id[:2].upper()
    # Where lotteries of that country are known, theirs is likely the zone.
    theirs = [str(one.zone) for one in known.lotteries.values() if one.country == country]
    zones = list(dict.fromkeys([*sorted(theirs, key=theirs.count, reverse=True), *skeletons.zones_of(country)]))
    if not zones:
        raise BadSetting(f"“{id[:2]}” is no country; a lottery's name begins with the two letters of one (ISO 3166).")
    given = source_of(source, None) if source else None
    facts = LotteryFacts(
        id,
        name=_asked(name, "Name, as people say it", str),
        operator=_asked(operator, "Who draws it", str),
        zones=zones,
        zone=zone or (_asked(None, f"Time zone, one of {', '.join(zones[:6])}", str) if len(zones) > 1 else None),
        currency=currency,
        language=language,
        source=source,
        official=given.official if given else False,
        called=_asked(called, f"What {source} calls it", str) if source else called,
        start=_asked(start, "First day of its rules, as 2024-01-31", _day),
        days=_asked(days, "Weekdays, as Wed Sat", str),
        at=_asked(at, "Local time of the draw, as 20:00", _time),
        pools=_pools(pool) or _asked(None, "Numbers, as main=6:1-49 bonus=1:rest", _in_one) or (),
    )
    file = _folder(to, "lotteries") / f"{id}.toml"
    _written(file, skeletons.lottery(facts))
    _loaded(file)
    _tell(file)
    where = f"LOTTO_CATALOGUE_DIR={file.parent.parent} " if _is_elsewhere(file) else ""
    if source:
        out.print(f"Then: {where}lotto capture {source} --lottery {id}", highlight=False, markup=False)
    out.print(f"Then: {where}lotto prove {id}", highlight=False, markup=False)


@beginnings.command("source")
def new_source(
    name: Annotated[str, typer.Argument(help="Two letters of the country, _ and who publishes: zz_hill_lottery.")],
    publisher: Annotated[str | None, typer.Option(help="Who publishes, in their own words.")] = None,
    official: Annotated[
        bool | None, typer.Option("--official/--unofficial", help="The operator itself, or who supervises it; or not.")
    ] = None,
    home: Annotated[str | None, typer.Option(help="The address of their site.")] = None,
    form: Annotated[str, typer.Option("--format", help=f"What their pages are: {', '.join(FORMATS)}.")] = "html",
    to: To = None,
) -> None:
    """Writes a source: in a clone of Lotto onto its shelf, with --to as a package of its own in that folder."""
    _named(name, "source", "zz_hill_lottery")
    if name in shelf():
        raise BadSetting(f"There is a source “{name}” already; take another name.")
    if form not in FORMATS:
        raise BadSetting(f"There is no format “{form}”; the formats are {', '.join(FORMATS)}.")
    home = _asked(home, "Address of their site", str)
    if home is not None and not re.fullmatch(r"https?://[^\s/]+(/\S*)?", home):
        raise BadSetting(f"“{home}” is not an address; write it with https:// and a host.")
    facts = SourceFacts(
        name,
        publisher=_asked(publisher, "Publisher, in their own words", str),
        official=_asked(None, "Is it the operator itself? [yes/no]", _yes) if official is None else official,
        home=home,
        format=next(one for one in FORMATS if one == form),
    )
    clone = _clone()
    if to is None and clone is None:
        raise BadSetting("Say where: --to FOLDER for a package of its own, or run it in a clone of Lotto.")
    if to is None and clone is not None:
        file = clone / "src" / "lotto" / "scraper" / "sources" / f"{name}.py"
        _written(file, skeletons.source(facts))
        _written(clone / "tests" / "sources" / name / "cases.json", "[]\n")
        _tell(file)
        out.print(f"Its pages and cases go to {clone / 'tests' / 'sources' / name}.", highlight=False, markup=False)
    elif to is not None:
        package = to / name
        file = package / f"{name}.py"
        _written(file, skeletons.source(facts))
        for other, text in skeletons.package(name).items():
            _written(package / other, text)
        _tell(file)
        out.print(f"Install it: {_installer()} --editable {package}", highlight=False, markup=False, soft_wrap=True)
        out.print(f"Work in that folder: cd {package}", highlight=False, markup=False)
    out.print(f"Then: lotto capture {name}", highlight=False)
    out.print(f"Then: lotto prove {name}", highlight=False)


@beginnings.command("collection")
def new_collection(
    id: Annotated[str, typer.Argument(help="A name in small letters: my_games.")],  # noqa: A002
    name: Annotated[str | None, typer.Option(help="As people read it.")] = None,
    lottery: Annotated[list[str] | None, typer.Option(help="A lottery's id; in the order they are shown.")] = None,
    country: Annotated[list[str] | None, typer.Option(help="All of a country: DO.")] = None,
    operator: Annotated[str | None, typer.Option(help="All of an operator.")] = None,
    region: Annotated[str | None, typer.Option(help="All of a region.")] = None,
    ids: Annotated[list[str] | None, typer.Option(help="All whose id is so: us_ny_*.")] = None,
    to: To = None,
) -> None:
    """Writes a collection: lotteries picked by hand, all that answer to a query, or both."""
    if not re.fullmatch("[a-z][a-z0-9_]*", id):
        raise BadSetting(f"“{id}” is no name of a collection; it is written in small letters, digits and _.")
    known = catalogue.load(configured().catalogue_dir)
    if id in known.collections:
        raise BadSetting(f"There is a collection “{id}” already, {known.collections[id].name}; take another name.")
    query = {"country": country, "operator": operator, "region": region, "ids": ids}
    asked = {key: value for key, value in query.items() if value}
    picked = lottery or ([] if asked else (_asked(None, "Lotteries, their ids", str.split) or []))
    title = _asked(name, "Name, as people read it", str) or id.replace("_", " ").capitalize()
    file = _folder(to, "collections") / f"{id}.toml"
    _written(file, skeletons.collection(title, picked, asked))
    _loaded(file)
    members = catalogue.load(file.parent.parent if _is_elsewhere(file) else None).collections[id].lotteries
    out.print(f"{file}: {len(members)} lotteries.", highlight=False, markup=False)


def _named(name: str, noun: str, example: str) -> None:
    if not re.fullmatch("[a-z]{2}_[a-z0-9]+(_[a-z0-9]+)*", name):
        raise BadSetting(
            f"“{name}” is no name of a {noun}; it is the country's two letters, _ and a name in small letters and "
            f"digits, as {example}."
        )


def _asked(given: str | None, question: str, read: Callable[[str], T]) -> T | None:
    """What was given, or on a terminal is answered; None where nobody says. A wrong answer is asked for again."""
    if given is not None:
        return read(given)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    while True:
        answer = str(typer.prompt(f"{question} (Enter: later)", default="", show_default=False)).strip()
        if not answer:
            return None
        try:
            return read(answer)
        except BadSetting as error:
            out.print(str(error), highlight=False, markup=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"“{text}” is no day; write it like 2024-01-31.") from None


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise BadSetting(f"“{text}” is no time of day; write it like 20:00.") from None


def _yes(text: str) -> bool:
    if text.lower() not in ("yes", "y", "no", "n"):
        raise BadSetting("Say yes or no.")
    return text.lower().startswith("y")


def _in_one(text: str) -> list[PoolFacts]:
    return _pools(text.split())


def _pools(told: list[str] | None) -> list[PoolFacts]:
    try:
        return [PoolFacts.read(one) for one in told or ()]
    except ValueError as error:
        raise BadSetting(str(error)) from None


def _folder(to: Path | None, shelf_name: str) -> Path:
    """Where a file of the catalogue goes: the folder said, the operator's own, or the clone's."""
    own = to or configured().catalogue_dir
    if own is not None:
        return own / shelf_name
    clone = _clone()
    if clone is None:
        raise BadSetting(
            "Say where: --to FOLDER (and let LOTTO_CATALOGUE_DIR name it for the services), or run it in a clone of "
            "Lotto."
        )
    return clone / "src" / "lotto" / "catalogue" / shelf_name


def _clone() -> Path | None:
    """The clone of Lotto that we stand in and that this very code is from."""
    root = Path(lotto.__file__).parent.parent.parent
    project = root / "pyproject.toml"
    if not project.is_file() or not Path.cwd().is_relative_to(root):
        return None
    told = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
    return root if told.get("name") == "lotto" else None


def _is_elsewhere(file: Path) -> bool:
    """A file of the catalogue that is not among ours."""
    return not file.resolve().is_relative_to(OURS)


def _written(file: Path, text: str) -> None:
    """Writes a new file; what is there already is left as it is."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as new:
            new.write(text)
    except FileExistsError:
        raise BadSetting(f"{file} is there already and is not overwritten.") from None
    except OSError as error:
        raise BadSetting(f"{file} cannot be written: {error.strerror}.") from None


def _loaded(file: Path) -> None:
    """Takes the file away again where the catalogue would refuse it, and says why."""
    try:
        catalogue.load(file.parent.parent if _is_elsewhere(file) else None)
    except BadFile as error:
        file.unlink()
        sentence = str(error).partition(": ")[2] if error.file == file else str(error)
        raise BadSetting(f"{file.name} would not be in order, and was not written. {sentence}") from None


def _tell(file: Path) -> None:
    left = file.read_text(encoding="utf-8").count(FILL_IN)
    words = f"{left} lines to fill in" if left else "nothing left to fill in"
    out.print(f"{file}: {words}.", highlight=False, markup=False)


def _installer() -> str:
    """How a package comes into this environment: by its own pip, or from outside by uv."""
    python = sys.executable
    if any((Path(folder) / "pip").is_dir() for folder in sys.path):
        return f"{python} -m pip install"
    ours = Path(sys.prefix).parent / ".tools" / "bin" / "uv"  # where `make` puts it in a clone
    return f"{ours if ours.exists() else 'uv'} pip install --python {python}"
