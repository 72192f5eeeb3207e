"""The cards: whatever is drawn, the picture is whole, legible and always the same."""

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytakumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from lotto.catalogue import load
from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Numbers, Prize, Status
from lotto.draws.lottery import Era, Lottery
from lotto.draws.pool import Kind as Holds
from lotto.draws.pool import Pool, Shape
from lotto.imaker import look as look_room
from lotto.imaker import png
from lotto.imaker.composer import LONGEST_VALUE
from lotto.imaker.face import Kind
from lotto.imaker.font import Font, fonts
from lotto.imaker.layout import Page
from lotto.imaker.look import Look, looks, toward
from lotto.imaker.renderer import FORMATS, LOOK, Picture, Renderer
from lotto.imaker.specimen import specimen
from lotto.imaker.typesetter import Box, Setting, Typesetter

DAY = date(2022, 5, 10)


def lottery(name: str, *pools: Pool, zone: str = "America/New_York", **more: Any) -> Lottery:
    given = {"country": "US", "operator": "Operator", "currency": "USD", "hue": 258, "chroma": 0.17, **more}
    era = Era(date(2000, 1, 1), pools, ())
    return Lottery(id="xx_game", name=name, zone=ZoneInfo(zone), eras=(era,), sources={}, **given)


def draw(numbers: Numbers, label: str = "", **more: Any) -> Draw:
    held = Draw(DrawKey("xx_game", DAY, label), Status.CONFIRMED, datetime(2022, 5, 11, 3, tzinfo=UTC), 1)
    return replace(held, numbers=numbers, **more)


def main(take: int, highest: int) -> Pool:
    return Pool("main", take, 1, highest)


MEGA_MILLIONS = lottery(
    "Mega Millions",
    main(5, 70),
    Pool("mega_ball", 1, 1, 25, shape=Shape.BONUS, title="Mega Ball"),
    Pool("megaplier", 1, 2, 5, shape=Shape.TIMES, title="Megaplier", optional=True),
)
MEGA = draw({"main": (15, 19, 20, 61, 70), "mega_ball": (9,), "megaplier": (3,)})
CORRECTED = replace(MEGA, revision=2, replaces={**MEGA.numbers, "mega_ball": (6,)})
POWERBALL = lottery(
    "Powerball",
    main(5, 69),
    Pool("powerball", 1, 1, 26, shape=Shape.BONUS, title="Powerball"),
    Pool("power_play", 1, 2, 10, shape=Shape.TIMES, title="Power Play", optional=True),
    operator="Multi-State Lottery Association",
    hue=22,
    chroma=0.19,
)
DIGITS = Pool("main", 3, 0, 9, Holds.DIGIT, Shape.DIGIT, ordered=True, repeats=True)
NUMBERS = lottery("Numbers", DIGITS, operator="New York Lottery", region="New York", hue=190, chroma=0.09)
PLACES = Pool("main", 3, 0, 99, Holds.DIGIT, Shape.PLACE, ordered=True, repeats=True)
QUINIELA = lottery("Quiniela Loteka", PLACES, zone="America/Santo_Domingo", country="DO", operator="Loteka", hue=350)
STARS = Pool("stars", 2, 1, 12, shape=Shape.STAR, title="Lucky Stars")
EUROMILLIONS = lottery("EuroMillions", main(5, 50), STARS, zone="Europe/Paris", hue=235, chroma=0.11)
KENO = lottery("Keno", main(20, 80), hue=130, chroma=0.13)
SAMPLES: dict[str, tuple[Lottery, Draw]] = {
    "powerball": (POWERBALL, draw({"main": (10, 45, 48, 58, 61), "powerball": (2,), "power_play": (10,)})),
    "corrected": (MEGA_MILLIONS, CORRECTED),
    "digits": (NUMBERS, draw({"main": ("6", "3", "6")}, "evening")),
    "places": (QUINIELA, draw({"main": ("00", "71", "81")})),
    "stars": (EUROMILLIONS, draw({"main": (1, 8, 31, 43, 50), "stars": (3, 11)})),
    "twenty": (KENO, draw({"main": tuple(range(4, 84, 4))})),
}
EVERY = pytest.mark.parametrize("form", ["og", "square"])
"""The others are seen to in test_looks.py."""
CARDS = pytest.mark.parametrize("card", SAMPLES)


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def opened(picture: Picture) -> Image.Image:
    return Image.open(BytesIO(picture.data))


def shown(html: str, kind: str) -> list[str]:
    """The texts of the elements of one class."""
    html = re.sub(r'(<div class="title"[^>]*>)\s*<div[^>]*>([^<]*)</div>', r"\1\2", html)
    return [unescape(text) for text in re.findall(rf'<div class="{kind}[^"]*"[^>]*>([^<]*)<', html)]


def said(html: str) -> str:
    """All text of a page, without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def edges(picture: Picture) -> list[bytes]:
    """The outermost strips of a card, where nothing but its ground may ever be: not even the shadow of a ball."""
    card, width, height = opened(picture), picture.width, picture.height
    boxes = ((0, 0, 32, height), (width - 32, 0, width, height), (0, 0, width, 36), (0, height - 26, width, height))
    return [card.crop(box).tobytes() for box in boxes]


# What a card is


@EVERY
@CARDS
def test_a_card_is_a_picture_of_its_format_small_enough_to_be_previewed(
    renderer: Renderer, card: str, form: str
) -> None:
    picture = renderer.draw(*SAMPLES[card], form, "en")
    seen = opened(picture)
    assert (seen.format, seen.mode, picture.media) == ("PNG", "RGB", "image/png")
    assert seen.size == FORMATS[form] == (picture.width, picture.height)
    assert len(picture.data) <= (301_000 if form in ("og", "square") else 900_000)
    assert seen.getcolors(maxcolors=1000) is None, "a lit ground has more colours than that"


@EVERY
@CARDS
def test_every_value_stands_on_the_card_in_its_shape(renderer: Renderer, card: str, form: str) -> None:
    game, held = SAMPLES[card]
    html = renderer.page(game, held, form, "en").html
    pools = [pool for pool in game.eras[0].pools if pool.name in held.numbers]
    spelt = [
        f"×{value}" if pool.shape is Shape.TIMES else str(value) for pool in pools for value in held.numbers[pool.name]
    ]
    assert shown(html, "value") == spelt
    assert set(re.findall(r'class="group (\w+)"', html)) == {pool.shape.value for pool in pools}
    assert {pool.title for pool in pools if pool.title} <= set(shown(html, "title"))


def test_a_card_names_game_place_day_draw_and_time_in_its_language(renderer: Renderer) -> None:
    game, held = SAMPLES["digits"]
    english = said(renderer.page(game, held, "og", "en").html)
    for part in ("Numbers", "New York Lottery · United States", "Tuesday 10 May 2022", "Evening · 23:00 New York"):
        assert part in english
    assert "Lotto" in english
    assert "Check with the operator" in english
    spanish = said(renderer.page(game, held, "square", "es").html)
    for part in ("Martes, 10 de mayo de 2022", "Noche · 23:00 Nueva York", "Verifica con el operador"):
        assert part in spanish


def test_places_carry_their_ordinals(renderer: Renderer) -> None:
    assert shown(renderer.page(*SAMPLES["places"], "og", "en").html, "title word") == ["1st", "2nd", "3rd"]
    assert shown(renderer.page(*SAMPLES["places"], "square", "es").html, "title word") == ["1.ª", "2.ª", "3.ª"]


def test_a_picture_comes_with_its_text(renderer: Renderer) -> None:
    assert renderer.draw(MEGA_MILLIONS, CORRECTED, "og", "en").alt == (
        "Mega Millions, Tuesday 10 May 2022: 15, 19, 20, 61, 70, Mega Ball 9, Megaplier ×3. "
        "Corrected: Mega Ball 9, not 6."
    )


# Same data, same bytes


DIGEST = """
from hashlib import sha256
from test_cards import SAMPLES, FORMATS, Renderer
renderer = Renderer()
for card, form in (("places", "og"), ("corrected", "square"), ("powerball", "og")):
    print(card, form, sha256(renderer.draw(*SAMPLES[card], form, "es").data).hexdigest())
"""


def test_another_process_drawing_in_another_order_gives_the_same_bytes(renderer: Renderer) -> None:
    script = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n{DIGEST}"
    there = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    lines = [line.split() for line in there.splitlines()]
    assert len(lines) == 3
    for card, form, digest in reversed(lines):
        assert sha256(renderer.draw(*SAMPLES[card], form, "es").data).hexdigest() == digest


def test_threads_that_share_a_renderer_draw_what_one_alone_draws() -> None:
    cards = ["corrected", "places", "stars"]
    alone = {card: Renderer().draw(*SAMPLES[card], "og", "en").data for card in cards}
    shared = Renderer()
    with ThreadPoolExecutor(6) as threads:
        together = threads.map(lambda card: (card, shared.draw(*SAMPLES[card], "og", "en").data), cards * 3)
    assert all(data == alone[card] for card, data in together)


@EVERY
def test_what_is_told_later_of_the_same_numbers_changes_no_byte(renderer: Renderer, form: str) -> None:
    later = datetime(2022, 5, 11, 9, tzinfo=UTC)
    told = replace(
        MEGA,
        status=Status.PROVISIONAL,
        update=7,
        drawn={"main": (70, 15, 61, 20, 19)},
        serial="1834",
        jackpot=Money(Decimal(86_000_000), "USD"),
        prizes=(Prize("5", 1),),
        reason="Three sources agree.",
        sources=(Evidence("ny", True, "ny", {}, True, later, "0" * 64),),
        observed_at=later,
        decided_at=later,
        updated_at=later,
    )
    assert renderer.draw(MEGA_MILLIONS, told, form, "en") == renderer.draw(MEGA_MILLIONS, MEGA, form, "en")


@EVERY
def test_a_changed_number_changes_its_ball_and_nothing_else(renderer: Renderer, form: str) -> None:
    other = replace(MEGA, numbers={**MEGA.numbers, "main": (15, 19, 20, 62, 70)})
    before, after = (opened(renderer.draw(MEGA_MILLIONS, one, form, "en")) for one in (MEGA, other))
    changed = ImageChops.difference(before, after).getbbox()
    assert changed is not None
    left, top, right, bottom = changed
    assert right - left < 180
    assert bottom - top < 180
    assert top > 180


# Corrections


@EVERY
def test_a_correction_is_marked_with_the_old_value_struck_through(renderer: Renderer, form: str) -> None:
    html = renderer.page(MEGA_MILLIONS, CORRECTED, form, "en").html
    assert said(html).count("Corrected Mega Ball 6 9") == 1
    assert shown(html, "old") == ["6"]
    assert re.findall(r'class="ball [^"]*corrected"><div class="value"[^>]*>([^<]*)<', html) == ["9"]
    first = renderer.draw(MEGA_MILLIONS, MEGA, form, "en")
    assert renderer.draw(MEGA_MILLIONS, CORRECTED, form, "en").data != first.data


def test_a_first_revision_bears_no_mark(renderer: Renderer) -> None:
    html = renderer.page(MEGA_MILLIONS, MEGA, "og", "en").html
    assert "Corrected" not in html
    assert 'class="mark' not in html


@EVERY
def test_more_corrections_than_the_mark_has_room_for_end_in_an_ellipsis(renderer: Renderer, form: str) -> None:
    now = tuple(range(2, 82, 4))
    held = draw({"main": now}, revision=2, replaces={"main": tuple(range(1, 81, 4))})
    html = renderer.page(KENO, held, form, "en").html
    told = shown(html, "old")
    assert 3 <= len(told) < 20
    assert shown(html, "new")[-1] == "…"
    assert edges(renderer.draw(KENO, held, form, "en")) == edges(renderer.draw(KENO, draw({"main": now}), form, "en"))


# Nothing overflows


def runs(node: Mapping[str, Any]) -> Iterator[tuple[str, float, float, float]]:
    """Every text, and its left, right and bottom as the engine lays it out."""
    for run in node["runs"]:
        left, top = node["transform"][4] + run["x"], node["transform"][5] + run["y"]
        yield run["text"], left, left + run["width"], top + run["height"]
    for child in node["children"]:
        yield from runs(child)


@pytest.fixture(scope="module")
def measured() -> Any:
    """How an engine with the same fonts lays out a page."""
    engine = pytakumi.Renderer()
    for font in fonts():
        name = f"{font.family} {font.subset}"
        engine.register_font(font.data, name=name, weight=font.weight, subset_of=font.family)

    def lay(page: Page, form: str, look: str = LOOK) -> Any:
        width, height = FORMATS[form]
        sheets = [Look.read(look).style, page.css]
        return engine.measure(pytakumi.from_html(page.html), width=width, height=height, stylesheets=sheets)

    return lay


WORDS = "Lotería Nacional del Pueblo Dominicano y Sorteo Extraordinario de Navidad Ñandú WWWWW"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    length=st.integers(5, 60),
    operator=st.integers(1, len(WORDS)),
    title=st.integers(1, 40),
    card=st.sampled_from(["powerball", "corrected", "places", "twenty"]),
    form=st.sampled_from(["og", "portrait"]),
    lang=st.sampled_from(["en", "es"]),
)
def test_names_of_every_length_stay_inside_the_margins(
    renderer: Renderer, measured: Any, length: int, operator: int, title: int, card: str, form: str, lang: str
) -> None:
    game, held = SAMPLES[card]
    pools = tuple(replace(pool, title=WORDS[:title].strip() if pool.title else "") for pool in game.eras[0].pools)
    game = replace(
        game,
        name=WORDS[:length].strip(),
        operator=WORDS[:operator].strip(),
        eras=(replace(game.eras[0], pools=pools),),
    )
    width, height = FORMATS[form]
    margin = Look.read(LOOK).sheets[form, Kind.RESULT].margin
    for _, left, right, bottom in runs(measured(renderer.page(game, held, form, lang), form)):
        assert left >= margin - 5  # a large first letter is hung out by the white on its left
        assert right <= width - margin + 1
        assert bottom <= height - 36


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("look", looks())
def test_amounts_of_every_size_end_below_each_other(renderer: Renderer, measured: Any, look: str, form: str) -> None:
    euro = load().lotteries["fr_euromillions"]
    usual = specimen(euro, date(2026, 11, 21))
    for times in (1, 1_000, 10_000_000):
        paid = tuple(replace(one, amount=replace(one.amount, amount=one.amount.amount * times)) for one in usual.prizes)
        page = renderer.page(euro, replace(usual, prizes=paid, jackpot=None), form, "fr", look, Kind.PRIZES)
        ends = [right for text, _, right, _ in runs(measured(page, form, look)) if "€" in text]
        assert len(ends) > 3
        assert max(ends) - min(ends) <= 2  # the white on the right of a sign


@EVERY
@pytest.mark.parametrize("name", ["Lotto", "Lotería Nacional de la República Dominicana", WORDS[:60], "W" * 60])
def test_no_pixel_of_a_long_name_reaches_the_edge(renderer: Renderer, name: str, form: str) -> None:
    plain = edges(renderer.draw(MEGA_MILLIONS, CORRECTED, form, "en"))
    assert edges(renderer.draw(replace(MEGA_MILLIONS, name=name, operator=name), CORRECTED, form, "es")) == plain


@pytest.mark.parametrize("take", [1, 2, 3, 5, 6, 7, 10, 20])
@EVERY
def test_one_to_twenty_numbers_find_room_and_keep_their_order(renderer: Renderer, take: int, form: str) -> None:
    game = lottery("Keno", main(take, 80), Pool("bonus", 1, 1, 9, shape=Shape.BONUS, title="Bonus"))
    values = tuple(range(80 - take, 80))
    page = renderer.page(game, draw({"main": values, "bonus": (7,)}), form, "en")
    assert shown(page.html, "value") == [*map(str, values), "7"]
    size = int(re.findall(r"--u: (\d+)px", page.css)[0])
    assert size >= 60


# Hostile and foreign text


HOSTILE = [
    "<script>alert(1)</script>",
    "</div></div><img src=x onerror=alert(1)>",
    '"><style>.ball{display:none}</style>',
    "{{ card.face }}{% for x in y %}",
    "a\x00b\x07c\x1b[31m\u202edlrow\u2066\ufeff\u200d",
    "x" * 5000,
    "i " * 2500,
    "\U0001f600" * 400,
    "e" + "\u0301" * 500,
    "\ud800 lone surrogate",
    "\n\n\t  \r",
    "",
    "&lt;b&gt; &amp; &#x41;",
    "url(file:///etc/passwd)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_text_or_cut_and_the_rest_of_the_card_stands(renderer: Renderer, text: str) -> None:
    pools = tuple(replace(pool, title=pool.title and f"{text} B") for pool in MEGA_MILLIONS.eras[0].pools)
    era = replace(MEGA_MILLIONS.eras[0], pools=pools)
    game = replace(MEGA_MILLIONS, name=text, operator=text, region=text, eras=(era,))
    html = renderer.page(game, CORRECTED, "og", "en").html
    assert shown(html, "value") == ["15", "19", "20", "61", "70", "9", "×3"]
    assert set(re.findall(r"<(\w+)", html)) == {"div", "img"}
    assert re.findall(r'<img[^>]*src="([^"]*)"', html) == ["ground"]
    assert all(char.isprintable() for char in said(html))
    assert "Tuesday 10 May 2022" in said(html)
    assert len(said(html)) < 1200
    plain = edges(renderer.draw(MEGA_MILLIONS, CORRECTED, "og", "en"))
    assert edges(renderer.draw(game, CORRECTED, "og", "en")) == plain


def test_markup_in_a_name_is_painted_as_its_characters(renderer: Renderer) -> None:
    page = renderer.page(replace(MEGA_MILLIONS, name="<b>&</b>"), MEGA, "og", "en")
    assert "&lt;b&gt;&amp;&lt;/b&gt;" in page.html


def test_a_name_in_letters_we_cannot_draw_gives_way_to_the_id(renderer: Renderer) -> None:
    assert "xx_game" in said(renderer.page(replace(MEGA_MILLIONS, name="ლატარია"), MEGA, "og", "en").html)


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("Łódź Ñandú Γιάννης Жук Việt", "Łódź Ñandú Γιάννης Жук Việt"),
        ("ლატარია 7", "? 7"),
        ("ロト 7", "ロト 7"),
        ("สลากกินแบ่งผู้ที่", "สลากกินแบ่งผู้ที่"),
        ("اللوتو اللبناني", "اللوتو اللبناني"),
        ("לוטו ישראל", "לוטו ישראל"),
        ("Lotto \U0001f600\U0001f389!", "Lotto \U0001f600\U0001f389!"),
        (
            "Lotto \U0001f468\u200d\U0001f469\u200d\U0001f467 \u2764\ufe0f",
            "Lotto \U0001f468\U0001f469\U0001f467 \u2764",
        ),
        ("Ｌｏｔｔｏ ⑥", "Lotto 6"),
        ("Ṩuper Ze\u0301\u0301\u0301\u0301ro", "Ṩuper Zéro"),
    ],
)
def test_a_character_no_font_has_is_replaced_in_plain_sight(renderer: Renderer, name: str, seen: str) -> None:
    html = renderer.page(replace(MEGA_MILLIONS, name=name), MEGA, "og", "en").html
    block = html[html.index('class="name"') : html.index('class="balls"')]
    assert said("<i " + block).startswith(seen)


def test_every_character_that_is_kept_has_a_picture_of_its_own() -> None:
    engine = pytakumi.Renderer()
    for font in fonts():
        name = f"{font.family} {font.subset}"
        engine.register_font(font.data, name=name, weight=font.weight, subset_of=font.family)

    for weight in (600, 800):
        kept = frozenset().union(*(font.covers for font in fonts() if font.weight == weight))
        letters = ["\ue000", *sorted(char for char in kept if unicodedata.category(char)[0] in "LN")]
        assert len(letters) > 400
        cells = "".join(f'<div style="width: 48px; height: 48px; padding: 8px">{char}</div>' for char in letters)
        page = f'<div style="font-family: Figtree, Inter; font-weight: {weight}; font-size: 24px; display: flex; '
        page += f'flex-wrap: wrap; width: 960px">{cells}</div>'
        height = 48 * -(-len(letters) // 20)
        pixels = engine.render_html(page, width=960, height=height, format="raw")
        sheet = Image.frombytes("RGBA", (960, height), pixels)
        missing, *painted = (
            sheet.crop((at % 20 * 48, at // 20 * 48, at % 20 * 48 + 48, at // 20 * 48 + 48)).tobytes()
            for at in range(len(letters))
        )
        assert any(missing)
        assert [char for char, cell in zip(letters[1:], painted, strict=True) if cell == missing or not any(cell)] == []


# What cannot be drawn


def test_a_draw_without_published_numbers_has_no_card(renderer: Renderer) -> None:
    with pytest.raises(ValueError, match="xx_game/2022-05-10 has no published numbers"):
        renderer.draw(MEGA_MILLIONS, draw({}), "og", "en")


@pytest.mark.parametrize(
    ("form", "lang", "look", "sentence"),
    [
        ("poster", "en", LOOK, "There is no format “poster”; there are og, square"),
        ("og", "xx", LOOK, "does not speak “xx”"),
        ("og", "en", "../../etc", "There is no look “../../etc”; there are gradient"),
    ],
)
def test_what_we_do_not_have_is_refused_with_what_we_have(
    renderer: Renderer, form: str, lang: str, look: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        renderer.draw(MEGA_MILLIONS, MEGA, form, lang, look)


def test_more_numbers_than_a_card_can_hold_are_refused_not_cut(renderer: Renderer) -> None:
    with pytest.raises(ValueError, match="no room for these numbers"):
        renderer.draw(lottery("All", main(400, 400)), draw({"main": tuple(range(400))}), "og", "en")
    with pytest.raises(ValueError, match="is no value that a ball can show"):
        renderer.draw(NUMBERS, draw({"main": ("6", "3" * (LONGEST_VALUE + 1), "6")}), "og", "en")


def test_every_word_of_the_catalogue_is_a_value_that_a_card_shows(renderer: Renderer) -> None:
    for known in load().lotteries.values():
        pools = [pool for era in known.eras for pool in era.pools if pool.kind is Holds.WORD]
        assert all(len(word) <= LONGEST_VALUE for pool in pools for word in pool.words), known.id
        if pools:
            longest = max((word for word in pools[-1].words), key=len)
            era = replace(known.eras[-1], pools=(replace(pools[-1], take=1, fewest=None),))
            shown = replace(known, eras=(replace(era, starts_on=date(2000, 1, 1)),))
            assert renderer.draw(shown, draw({pools[-1].name: (longest,)}), "og", "en").data


# The look


def test_white_text_can_be_read_on_every_ground(renderer: Renderer) -> None:
    def light(channel: int) -> float:
        share = channel / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    for hue in range(0, 360, 60):
        for chroma, least in ((0.1, 4.3), (0.2, 3.6)):
            ground = Image.open(BytesIO(renderer._paint_ground(LOOK, "og", Kind.RESULT, hue, chroma))).crop(
                (64, 48, 1136, 590)
            )
            small = ground.resize((54, 27)).convert("RGB").tobytes()
            brightest = max(
                0.2126 * light(small[at]) + 0.7152 * light(small[at + 1]) + 0.0722 * light(small[at + 2])
                for at in range(0, len(small), 3)
            )
            assert 1.05 / (brightest + 0.05) >= least, (hue, chroma)


def test_lotteries_differ_in_colour(renderer: Renderer) -> None:
    red, blue = (renderer.draw(replace(MEGA_MILLIONS, hue=hue), MEGA, "og", "en") for hue in (22, 258))
    assert opened(red).getpixel((600, 20)) != opened(blue).getpixel((600, 20))


def test_a_version_is_steady_until_the_look_is_edited(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = Renderer().version()
    assert re.fullmatch(r"[0-9a-f]{12}", before)
    assert Renderer().version(LOOK) == before
    shutil.copytree(look_room.FOLDER, tmp_path / "looks")
    monkeypatch.setattr(look_room, "FOLDER", tmp_path / "looks")
    assert Renderer().version() == before
    style = tmp_path / "looks" / LOOK / "style.css"
    style.write_text(style.read_text(encoding="utf-8") + "\n/* bolder */", encoding="utf-8")
    assert Renderer().version() != before


def test_a_broken_look_says_what_it_lacks(tmp_path: Path) -> None:
    shutil.copytree(look_room.FOLDER / LOOK, tmp_path / "mine")
    assert [*looks(tmp_path)] == ["gradient", "mine", "night", "paper", "plain"]
    assert Look.read("mine", tmp_path).name == "mine"
    (tmp_path / "mine" / "look.toml").write_text("[og]\nname = { wide = 64 }\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"look\.toml of the look “mine” is not what a look needs: .*wide"):
        Look.read("mine", tmp_path)
    (tmp_path / "mine" / "look.toml").write_text("", encoding="utf-8")
    (tmp_path / "mine" / "template.html").write_text("{% if %}", encoding="utf-8")
    with pytest.raises(ValueError, match="The look “mine” cannot be read: "):
        Look.read("mine", tmp_path)


def test_a_hue_turns_the_short_way_round() -> None:
    assert toward(20, 270, 26) == 354
    assert toward(258, 270, 26) == 270
    assert toward(350, 90, 8) == 358
    assert toward(150, 90, 8) == 142


# Type and bytes


def typesetter() -> Typesetter:
    """One whose every character is half an em wide."""
    return Typesetter(
        [Font("F", "latin", 800, b"", frozenset(map(chr, range(32, 127))))], lambda _, text: 50 * len(text)
    )


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("short", Setting(("short",), 40)),
        ("a" * 25, Setting(("a" * 25,), 32)),
        ("aaaa " * 8 + "bbbb", Setting(("aaaa aaaa aaaa aaaa", "aaaa aaaa aaaa aaaa bbbb"), 33)),
        ("a" * 60, Setting(("a" * 39 + "…",), 20)),
        ("", Setting(("",), 40)),
    ],
)
def test_type_shrinks_then_breaks_then_is_cut(text: str, setting: Setting) -> None:
    assert typesetter().fit("name", text, Box(width=400, largest=40, smallest=20, lines=2, height=70)) == setting


@given(text=st.text(max_size=300), lines=st.sampled_from([1, 2]))
def test_a_setting_never_leaves_its_box(text: str, lines: int) -> None:
    box = Box(width=400, largest=40, smallest=20, lines=lines, height=70)
    setting = typesetter().fit("name", text, box)
    assert len(setting.lines) <= lines
    assert box.smallest <= setting.size <= box.largest
    assert all(len(line) * setting.size / 2 <= box.width for line in setting.lines)


@given(st.binary(min_size=5 * 4 * 3, max_size=5 * 4 * 3))
def test_pixels_survive_the_encoder(pixels: bytes) -> None:
    picture = Image.frombytes("RGB", (5, 4), pixels)
    assert Image.open(BytesIO(png.encode(picture))).tobytes() == pixels
    frame = png.Frame.of(Image.new("RGB", (5, 4), "teal"), 1, 3)
    rows = picture.crop((0, 1, 5, 3))
    assert Image.open(BytesIO(frame.encode(rows))).tobytes() == frame.around(rows).tobytes()


def test_a_large_picture_is_packed_tighter() -> None:
    noise = Image.effect_noise((500, 600), 90).convert("RGB")
    packed = png.encode(noise)
    assert Image.open(BytesIO(packed)).tobytes() == noise.tobytes()
    assert png.Frame.of(noise, 100, 500).encode(noise.crop((0, 100, 500, 500))) == packed
    with pytest.raises(ValueError, match="A card is RGB, not RGBA"):
        png.encode(noise.convert("RGBA"))


@pytest.mark.parametrize(("name", "sentence"), [("plain.ttf", "must be named"), ("a-latin-800.ttf", "is not a woff")])
def test_a_file_that_is_no_font_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    (tmp_path / name).write_bytes(b"\0\1\0\0nothing")
    with pytest.raises(ValueError, match=sentence):
        Font.read(tmp_path / name)
