"""From a file to a lottery: what its form cannot say is checked here."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lotto.catalogue.days import special_days
from lotto.catalogue.document import Document
from lotto.catalogue.eras import eras_of
from lotto.catalogue.form import ColourForm, LotteryForm, PolicyForm, Table
from lotto.catalogue.lines import Path
from lotto.draws.lottery import Era, Lottery, Policy


def lottery(document: Document) -> Lottery:
    """The lottery a file describes; raises BadFile."""
    form = document.typed(document.data, LotteryForm, ())
    if not document.id.startswith(f"{form.country.lower()}_"):
        raise document.bad(
            ("country",), f"The file of a lottery of {form.country} is named {form.country.lower()}_….toml; rename it."
        )
    eras = eras_of(document, form.eras)
    days = special_days(document, form, eras)
    policy = document.typed(form.policy or {}, PolicyForm, ("policy",))
    made = Lottery(
        id=document.id,
        name=form.name,
        country=form.country,
        operator=form.operator,
        zone=_zone(document, form.zone),
        currency=form.currency,
        eras=tuple(eras),
        sources=_sources(document, form, eras, {slot.label for slots in days.values() for slot in slots}),
        policy=Policy(policy.agree, policy.provisional),
        special_days=days,
        not_before=timedelta(minutes=form.not_before_minutes),
        language=form.language,
        region=form.region,
        initials=form.initials,
    )
    if form.colour is None:
        return made
    colour = document.typed(form.colour, ColourForm, ("colour",))
    return replace(made, hue=colour.hue, chroma=colour.chroma)


def _zone(document: Document, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise document.bad(("zone",), f"“{name}” is no time zone; write one such as America/New_York.") from None


def _sources(document: Document, form: LotteryForm, eras: list[Era], special: set[str]) -> dict[str, dict[str, str]]:
    if not form.sources:
        raise document.bad(("sources",), "There is no source here; name one that gives this lottery.")
    labels = special | {slot.label for era in eras for slot in era.calendar}
    free = any(era.labels_are_free for era in eras)
    sources = {}
    for source, given in form.sources.items():
        path: Path = ("sources", source)
        # One name alone needs no table: its readings carry their labels, or there are none.
        names = {given: ""} if isinstance(given, str) else document.typed(given, Table, path)
        if not any(map(str.strip, names)):
            raise document.bad(path, f"{source} names nothing here; write what it calls this lottery.")
        for name, label in names.items():
            if document.typed(label, str, (*path, name)) and label not in labels and not free:
                raise document.bad((*path, name), f"No draw of the calendar has the label “{label}”.")
        sources[source] = names
    return sources
