"""The room `words`: what people read, in every language alike."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Status, Value
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind, Pool, Shape
from lotto.words import CARD_LANGUAGES, LANGUAGES, changes, speak
from lotto.words.language import FILES, PLURALS, Entry

NEW_YORK = ZoneInfo("America/New_York")
KYIV = ZoneInfo("Europe/Kyiv")
DAY = date(2024, 11, 2)


def lottery(*pools: Pool, name: str = "Powerball", zone: str = "America/New_York") -> Lottery:
    return Lottery(
        "xx_game", name, "US", "Operator", ZoneInfo(zone), "USD", (Era(date(2000, 1, 1), pools, ()),), sources={}
    )


POWERBALL = lottery(
    Pool("main", 5, 1, 69),
    Pool("powerball", 1, 1, 26, shape=Shape.BONUS, title="Powerball"),
    Pool("power_play", 1, 2, 10, shape=Shape.TIMES, title="Power Play", optional=True),
)
QUINIELA = lottery(
    Pool("main", 3, 0, 99, Kind.DIGIT, Shape.PLACE, ordered=True, repeats=True),
    name="Quiniela Loteka",
    zone="America/Santo_Domingo",
)
NUMBERS = lottery(Pool("main", 3, 0, 9, Kind.DIGIT, Shape.DIGIT, ordered=True, repeats=True), name="Numbers")


def draw(numbers: Mapping[str, tuple[Value, ...]], label: str = "", **more: Any) -> Draw:
    held = Draw(DrawKey("xx_game", DAY, label), Status.CONFIRMED, datetime(2024, 11, 3, 2, 59, tzinfo=UTC), 1)
    return replace(held, numbers=numbers, **more)


def evidence(origin: str, *, agrees: bool = True) -> Evidence:
    return Evidence(origin, True, origin, {}, agrees, datetime(2024, 11, 3, 4, tzinfo=UTC), "0" * 64)


def sentences(entry: Entry, key: str = "") -> Iterator[tuple[str, list[str]]]:
    """Every key with its sentence, or with all forms of one that has several numbers."""
    if isinstance(entry, str):
        yield key, [entry]
    elif "other" in entry and entry.keys() <= PLURALS:
        yield key, [form for form in entry.values() if isinstance(form, str)]
    else:
        for word, inner in entry.items():
            yield from sentences(inner, f"{key}.{word}".lstrip("."))


def parts(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def catalogue(lang: str) -> dict[str, list[str]]:
    return dict(sentences(tomllib.loads(FILES[lang].read_text(encoding="utf-8"))))


@pytest.mark.parametrize("lang", CARD_LANGUAGES)
def test_every_language_has_the_same_sentences_with_the_same_parts(lang: str) -> None:
    theirs, ours = catalogue(lang), catalogue("en")
    if lang in LANGUAGES:
        assert theirs.keys() == ours.keys()
    else:
        cards = ("language.", "date.", "pool.", "label.", "card.", "alt.")
        assert theirs.keys() == {key for key in ours if key.startswith(cards)}
    for key, forms in theirs.items():
        assert all(form.strip() for form in forms), key
        if not key.startswith(("date.", "language.")):  # CLDR patterns and names have no parts of ours
            wanted = set().union(*map(parts, ours[key]))
            assert all(parts(form) == wanted for form in forms), key


@pytest.mark.parametrize("lang", CARD_LANGUAGES)
def test_a_sentence_in_several_numbers_has_every_form_its_language_counts_with(lang: str) -> None:
    catalogue = tomllib.loads(FILES[lang].read_text(encoding="utf-8"))
    locale = Locale.parse(catalogue["language"]["locale"])
    assert catalogue["alt"]["winners"].keys() == locale.plural_form.tags | {"other"}
    assert catalogue["pool"]["place"].keys() == locale.ordinal_form.tags | {"other"}


def test_english_and_spanish_are_spoken() -> None:
    assert {"en", "es"} <= set(LANGUAGES)
    assert [speak(lang).name for lang in ("en", "es")] == ["English", "Español"]
    assert speak("es") is speak("es")
    assert speak("es").direction == "ltr"


def test_a_language_we_do_not_speak_is_refused_with_those_we_do() -> None:
    with pytest.raises(ValueError, match="Lotto does not speak “xx”; it speaks ar, de, el, en, es"):
        speak("xx")


@pytest.mark.parametrize("key", ["status.lost", "nothing", "status", "status.void.deeper"])
def test_a_missing_sentence_names_its_key_and_language(key: str) -> None:
    with pytest.raises(KeyError, match=f"“es” has no sentence “{key}”"):
        speak("es").say(key)


def test_a_missing_part_is_named() -> None:
    with pytest.raises(KeyError, match=r"“alt\.change” in “en” wants the part 'old'"):
        speak("en").say("alt.change", new="9")


def test_what_is_filled_in_is_never_read_as_a_sentence() -> None:
    assert speak("en").say("alt.change", new="{old}", old="{lang.__class__}") == "{old}, not {lang.__class__}"


@pytest.mark.parametrize(
    ("count", "en", "es"),
    [
        (1, "Confirmed by 1 source", "Confirmado por 1 fuente"),
        (2, "Confirmed by 2 sources", "Confirmado por 2 fuentes"),
        (1_000_000, "Confirmed by 1,000,000 sources", "Confirmado por 1,000,000 de fuentes"),
    ],
)
def test_counts_choose_the_form_of_the_language(count: int, en: str, es: str) -> None:
    assert speak("en").say("status.confirmed", count=count) == en
    assert speak("es").say("status.confirmed", count=count) == es


def test_days_are_written_the_language_s_way() -> None:
    en, es = speak("en"), speak("es")
    assert [en.date(DAY), en.date(DAY, "long"), en.date(DAY, "short")] == [
        "Saturday 2 November 2024",
        "2 November 2024",
        "2 Nov 2024",
    ]
    assert [es.date(DAY), es.date(DAY, "long"), es.date(DAY, "short")] == [
        "sábado, 2 de noviembre de 2024",
        "2 de noviembre de 2024",
        "2 nov 2024",
    ]
    assert (en.weekday(DAY), es.weekday(DAY)) == ("Saturday", "sábado")


def test_times_places_and_countries_are_told_in_words() -> None:
    en, es = speak("en"), speak("es")
    at = datetime(2024, 11, 3, 2, 59, tzinfo=UTC)
    assert (en.time(at, NEW_YORK), es.time(at, NEW_YORK)) == ("22:59", "22:59")
    assert (en.place(NEW_YORK), es.place(NEW_YORK)) == ("New York", "Nueva York")
    assert en.place(ZoneInfo("America/Argentina/Buenos_Aires")) == "Buenos Aires"
    assert (en.place(KYIV), speak("uk").place(KYIV), speak("ja").place(KYIV)) == ("Kyiv", "Київ", "キーウ")
    assert (en.country("do"), es.country("DO")) == ("Dominican Republic", "República Dominicana")
    assert en.country("??") == "??"


@pytest.mark.parametrize(
    ("amount", "currency", "en", "es"),
    [
        ("63000000", "USD", "$63,000,000", "US$63,000,000"),
        ("63000000.00", "USD", "$63,000,000", "US$63,000,000"),
        ("2.5", "DOP", "DOP\u00a02.50", "RD$2.50"),
    ],
)
def test_money_shows_cents_only_where_there_are_any(amount: str, currency: str, en: str, es: str) -> None:
    money = Money(Decimal(amount), currency)
    assert (speak("en").money(money), speak("es").money(money)) == (en, es)


def test_labels_are_translated_and_an_unknown_one_is_shown_as_given() -> None:
    assert speak("es").draw_label("midday") == "Mediodía"
    assert speak("en").draw_label("midday") == "Midday"
    assert [speak("en").draw_label(one) for one in ("am-8", "pm-12", "pm-2", "am-12")] == [
        "08:00",
        "12:00",
        "14:00",
        "00:00",
    ]
    assert speak("en").draw_label("la primera") == "La primera"
    assert speak("en").draw_label("1834567") == "1834567"
    assert speak("en").draw_label("") == ""


def test_numbers_are_read_out_with_what_tells_pools_apart() -> None:
    en, es = speak("en"), speak("es")
    pools = POWERBALL.eras[0].pools
    numbers = {"power_play": (3,), "powerball": (2,), "main": (10, 45, 48, 58, 61)}
    assert en.numbers(pools, numbers) == "10, 45, 48, 58, 61, Powerball 2, Power Play ×3"
    assert en.numbers(pools, {"main": (1, 2, 3, 4, 5), "powerball": (6,)}) == "1, 2, 3, 4, 5, Powerball 6"
    places = QUINIELA.eras[0].pools
    assert en.numbers(places, {"main": ("00", "71", "81")}) == "1st 00, 2nd 71, 3rd 81"
    assert es.numbers(places, {"main": ("00", "71", "81")}) == "1.ª 00, 2.ª 71, 3.ª 81"
    assert en.numbers(NUMBERS.eras[0].pools, {"main": ("6", "3", "6")}) == "6 3 6"


def test_a_status_is_said_in_plain_words() -> None:
    en, es = speak("en"), speak("es")
    two = (evidence("ny"), evidence("tx"), evidence("ny"), evidence("blog", agrees=False))
    confirmed = draw({"main": (1, 2, 3, 4, 5)}, sources=two)
    assert en.status(confirmed) == "Confirmed by 2 sources"
    assert en.status(replace(confirmed, revision=2)) == "Corrected, then confirmed by 2 sources"
    assert es.status(replace(confirmed, revision=2)) == "Corregido y luego confirmado por 2 fuentes"
    provisional = replace(confirmed, status=Status.PROVISIONAL)
    assert en.status(provisional) == "One official source so far"
    assert en.status(replace(provisional, revision=2)) == "Corrected, one official source so far"
    assert en.status(replace(confirmed, status=Status.HELD)) == "Held: sources disagree"
    objected = replace(confirmed, status=Status.HELD, sources=(evidence("ny", agrees=False),))
    assert es.status(objected) == "Retenido: una regla lo objeta"
    assert en.status(replace(confirmed, status=Status.SCHEDULED)) == "Expected"
    assert es.status(replace(confirmed, status=Status.VOID)) == "Anulado"


def test_a_draw_under_way_is_counted_against_all_that_will_be_drawn() -> None:
    seen = draw({}, status=Status.PARTIAL, seen={"main": (4, 8, None)})
    assert speak("en").status(seen) == "Being drawn: 2 of 3 seen"
    assert speak("en").status(seen, POWERBALL) == "Being drawn: 2 of 6 seen"


def test_a_correction_is_told_value_by_value() -> None:
    before = {"main": (15, 19, 20, 61, 70), "powerball": (6,), "power_play": (3,)}
    corrected = draw({**before, "powerball": (9,)}, revision=2, replaces=before)
    assert speak("en").alt(POWERBALL, corrected) == (
        "Powerball, Saturday 2 November 2024: 15, 19, 20, 61, 70, Powerball 9, Power Play ×3. "
        "Corrected: Powerball 9, not 6."
    )
    assert speak("es").alt(POWERBALL, corrected).endswith("Corregido: Powerball 9, no 6.")


def test_a_correction_keeps_places_apart_and_pairs_what_left_with_what_came() -> None:
    placed = draw({"main": ("00", "17", "81")}, revision=2, replaces={"main": ("00", "71", "81")})
    assert speak("en").alt(QUINIELA, placed).endswith("Corrected: 2nd 17, not 71.")
    unordered = draw({"main": (1, 2, 3, 4, 9)}, revision=3, replaces={"main": (1, 2, 3, 4, 5), "power_play": (2,)})
    told = changes(POWERBALL.eras[0].pools, unordered)
    assert [(change.pool.name, change.place, change.old, change.new) for change in told] == [
        ("main", 4, 5, 9),
        ("power_play", 0, 2, None),
    ]
    assert speak("en").alt(POWERBALL, unordered).endswith("Corrected: 9, not 5; Power Play ×2 removed.")


def test_a_first_revision_corrects_nothing() -> None:
    first = draw({"main": (1, 2, 3, 4, 9)}, replaces={"main": (1, 2, 3, 4, 5)})
    assert changes(POWERBALL.eras[0].pools, first) == ()


def test_alternative_text_names_one_of_a_day_s_draws_and_says_when_there_is_nothing() -> None:
    said = speak("es").alt(NUMBERS, draw({"main": ("6", "3", "6")}, "midday"))
    assert said == "Numbers, Mediodía, sábado, 2 de noviembre de 2024: 6 3 6."
    assert speak("en").alt(NUMBERS, draw({})) == "Numbers, Saturday 2 November 2024: no numbers."


NUMBERS_OF_POWERBALL = st.fixed_dictionaries(
    {
        "main": st.lists(st.integers(1, 69), min_size=5, max_size=5, unique=True).map(lambda v: tuple(sorted(v))),
        "powerball": st.tuples(st.integers(1, 26)),
    },
    optional={"power_play": st.tuples(st.integers(2, 10))},
)
PLACES = st.fixed_dictionaries({"main": st.tuples(*[st.integers(0, 99).map("{:02}".format)] * 3)})


@given(lang=st.sampled_from(CARD_LANGUAGES), numbers=NUMBERS_OF_POWERBALL, before=NUMBERS_OF_POWERBALL)
def test_alternative_text_holds_every_value_and_every_replaced_one(
    lang: str, numbers: Mapping[str, tuple[Value, ...]], before: Mapping[str, tuple[Value, ...]]
) -> None:
    said = speak(lang).alt(POWERBALL, draw(numbers, revision=2, replaces=before))
    result = speak(lang).alt(POWERBALL, draw(numbers))
    assert said.startswith(result)
    correction = said.removeprefix(result)
    told = result.removesuffix(".").partition(": ")[2]
    assert told.split(", ")[:5] == [str(value) for value in numbers["main"]]
    assert f"Powerball {numbers['powerball'][0]}" in told
    assert ("Power Play" in told) == ("power_play" in numbers)
    gone = set(before["main"]) - set(numbers["main"])
    spoken = re.findall(r"\d+", correction)
    assert {str(value) for value in gone} <= set(spoken)


@given(lang=st.sampled_from(CARD_LANGUAGES), numbers=PLACES, year=st.integers(1990, 2100))
def test_alternative_text_keeps_order_zeros_and_the_gregorian_year(
    lang: str, numbers: Mapping[str, tuple[Value, ...]], year: int
) -> None:
    held = replace(draw(numbers), key=DrawKey("xx_game", date(max(year, 2000), 3, 4)))
    said = speak(lang).alt(QUINIELA, held)
    assert str(held.key.date.year) in said
    assert [part.split()[-1] for part in said.partition(": ")[2].rstrip(".").split(", ")] == list(numbers["main"])


def test_words_and_tickets_are_read_out_with_what_people_call_them() -> None:
    animal = Pool("main", 1, kind=Kind.WORD, shape=Shape.ANIMAL, words={"33": "Pescado", "Verde": ""})
    second = Pool("second", 2, kind=Kind.TICKET, shape=Shape.TICKET, written="######", title="Second")
    said = speak("en").numbers((animal, second), {"main": ("33",), "second": ("051210", "119336")})
    assert said == "33 Pescado, Second 051210, 119336"
    assert speak("en").numbers((animal,), {"main": ("Verde",)}) == "Verde"
