"""The looks: every one, in every size, kind and language, is whole, legible and what a browser would paint."""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from io import BytesIO
from itertools import cycle
from pathlib import Path
from random import Random
from typing import Any

import pytakumi
import pytest
from bench.chromium import browser
from PIL import Image, ImageChops

from lotto.catalogue import load
from lotto.commands.cards import Gallery
from lotto.draws.draw import Draw, Money, Prize
from lotto.draws.lottery import Lottery
from lotto.house import House
from lotto.imaker import face
from lotto.imaker.brand import Brand, read_logo
from lotto.imaker.composer import Composer
from lotto.imaker.encoder import JPEG, PLAIN, WEBP, Encoding, encode
from lotto.imaker.face import Face, Kind
from lotto.imaker.font import fonts
from lotto.imaker.layout import Page
from lotto.imaker.look import Look, looks
from lotto.imaker.plate import Blank
from lotto.imaker.renderer import FORMATS, Renderer
from lotto.imaker.specimen import specimen
from lotto.imaker.typesetter import UNKNOWN, Typesetter
from lotto.settings import Settings
from lotto.words import CARD_LANGUAGES, speak

DAY = date(2026, 11, 21)
KNOWN = load()
LOOKS = [*looks()]
EXPECTED = Path(__file__).with_name("expected") / "cards"
LIKE = 6.0
"""How far the grey of a pixel may be from the expected one, on average, of 255."""
LIKE_CHROMIUM = 8.0
APART = 0.05
"""The share of pixels that may differ from Chromium's by more than a fifth of the scale: edges of letters set half a
pixel elsewhere.
"""
LIKE_WHOLE = 1.5
APART_WHOLE = 0.012
"""The same of a card that is printed on its plate, against the one painted whole."""
EVERY_MAKE = (
    "us_powerball",
    "fr_euromillions",
    "us_ny_numbers",
    "do_loteka",
    "fi_keno",
    "ve_lotto_activo",
    "vn_can_tho",
    "il_chance",
    "it_lotto",
)
DIGEST = EVERY_MAKE[:8]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def known(name: str, **more: Any) -> tuple[Lottery, Draw]:
    lottery = KNOWN.lotteries[name]
    return lottery, specimen(lottery, DAY, **more)


def day() -> list[tuple[Lottery, Draw]]:
    return [known(name) for name in DIGEST]


def said(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def runs(node: Mapping[str, Any]) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, right and bottom of every text as the engine lays it out."""
    for run in node["runs"]:
        left, top = node["transform"][4] + run["x"], node["transform"][5] + run["y"]
        yield left, top, left + run["width"], top + run["height"]
    for child in node["children"]:
        yield from runs(child)


def laid_out(renderer: Renderer, look: str, form: str, face: Face) -> Any:
    page = renderer._composer(look, form).compose(face)
    width, height = FORMATS[form]
    style = renderer._look(look).style
    return renderer._engine.measure(
        pytakumi.from_html(page.html), width=width, height=height, stylesheets=[style, page.css]
    )


def faces(kind: str, lang: str) -> list[Face]:
    """One card of that kind for every make of game."""
    words = speak(lang)
    match kind:
        case "digest":
            return [face.digest("República Dominicana", DAY, day()[:count], words) for count in (1, 4, 6)]
        case "next":
            lottery, draw = known("us_powerball")
            return [face.coming(lottery, one, words) for one in (draw, replace(draw, jackpot=None))]
        case "prizes":
            return [face.prizes(*known(name), words) for name in ("us_powerball", "fr_euromillions", "lb_loto")]
        case "corrected":
            return [face.result(*known(name, corrected=True), words) for name in ("us_powerball", "do_loteka")]
    return [face.result(*known(name), words) for name in EVERY_MAKE]


LANGUAGE = cycle(CARD_LANGUAGES)
PAGES = [
    (look, form, kind, next(LANGUAGE))
    for look in LOOKS
    for form in FORMATS
    for kind in ("result", "corrected", "prizes", "next", "digest")
]


@pytest.mark.parametrize(("look", "form", "kind", "lang"), PAGES)
def test_no_text_leaves_the_card_or_its_margins(renderer: Renderer, look: str, form: str, kind: str, lang: str) -> None:
    width, height = FORMATS[form]
    for one in faces(kind, lang):
        margin = renderer._composer(look, form).sheet(one.kind).margin
        for left, top, right, bottom in runs(laid_out(renderer, look, form, one)):
            assert left >= margin - 6
            assert right <= width - margin + 6
            assert top >= 0
            assert bottom <= height


def test_signs_of_money_as_wide_as_an_ideograph_stand_by_their_amount() -> None:
    assert Typesetter(fonts(), lambda *_: 1.0).clean("￥1 ￦2") == "¥1 ₩2"


def test_every_sign_of_every_lottery_in_every_language_has_a_picture() -> None:
    clean = Typesetter(fonts(), lambda *_: 1.0).clean
    for lang in CARD_LANGUAGES:
        words = speak(lang)
        for lottery in KNOWN.lotteries.values():
            if lottery.era(DAY) is None:
                continue
            shown = face.prizes(lottery, specimen(lottery, DAY, corrected=True), words)
            texts = [shown.name, shown.by, shown.date, shown.when, shown.check, shown.play, shown.help, shown.label]
            texts += [shown.amount, shown.corrected, shown.initials, *shown.columns]
            texts += [group.title for group in shown.groups] + [row.tier for row in shown.rows]
            for text in texts:
                assert UNKNOWN not in clean(text), (lang, lottery.id, text)


@pytest.mark.parametrize("look", LOOKS)
def test_a_browser_paints_the_same_page_nearly_alike(renderer: Renderer, look: str, chromium: Any) -> None:
    for form, kind in (("og", Kind.RESULT), ("square", Kind.PRIZES)):
        lottery, draw = known("us_powerball", corrected=True)
        chromium.dress(Look.read(look), FORMATS[form])
        page = renderer.page(lottery, draw, form, "en", look, kind)
        chromium.show(page, renderer._ground(look, form, kind, lottery.hue, lottery.chroma))
        theirs = Image.open(BytesIO(chromium.screenshot()))
        ours = Image.open(BytesIO(renderer.draw(lottery, draw, form, "en", look, kind).data))
        mean, apart = difference(ours, theirs)
        assert mean <= LIKE_CHROMIUM
        assert apart <= APART


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as running:
        yield running


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """How far apart two pictures' greys are on average, and which share of the pixels is far apart."""
    grey = ImageChops.difference(one.convert("RGB"), other.convert("RGB")).convert("L").histogram()
    count = sum(grey)
    return sum(value * times for value, times in enumerate(grey)) / count, sum(grey[49:]) / count


GOLDEN = [
    (look, form, name, kind, lang)
    for look, (form, name, kind, lang) in zip(
        [*LOOKS, *LOOKS],
        [
            ("og", "us_powerball", "result", "en"),
            ("square", "fr_euromillions", "prizes", "fr"),
            ("og", "fi_keno", "corrected", "es"),
            ("portrait", "lb_loto", "prizes", "ar"),
            ("story", "vn_can_tho", "result", "th"),
            ("og", "us_ny_numbers", "result", "ja"),
            ("square", "de_lotto", "next", "de"),
            ("og", "it_lotto", "result", "he"),
        ],
        strict=True,
    )
]


@pytest.mark.parametrize(("look", "form", "name", "kind", "lang"), GOLDEN)
def test_a_card_looks_as_it_did(renderer: Renderer, look: str, form: str, name: str, kind: str, lang: str) -> None:
    """`LOTTO_GOLDEN=write` draws the expected ones anew, to be looked at before they are kept."""
    lottery, draw = known(name, corrected=kind == "corrected")
    about = Kind.RESULT if kind == "corrected" else Kind(kind)
    card = Image.open(BytesIO(renderer.draw(lottery, draw, form, lang, look, about).data))
    small = card.resize((card.width // 3, card.height // 3), Image.Resampling.BOX)
    file = EXPECTED / f"{look}-{form}-{name}-{kind}-{lang}.png"
    if os.environ.get("LOTTO_GOLDEN") == "write":
        small.quantize(128).save(file, optimize=True)
    mean, _ = difference(small, Image.open(file))
    assert mean <= LIKE
    # And the measure tells: another draw of the same game is not taken for it.
    blank = Image.new("RGB", small.size, small.convert("RGB").getpixel((2, 2)))
    assert difference(small, blank)[0] > LIKE


@pytest.mark.parametrize("look", LOOKS)
def test_a_card_printed_on_its_plate_is_the_card_painted_whole(renderer: Renderer, look: str) -> None:
    printed = 0
    for name, form, lang in zip(EVERY_MAKE, cycle(FORMATS), cycle(("en", "ar", "ja", "th")), strict=False):
        lottery, draw = known(name)
        page, shown = renderer.page(lottery, draw, form, lang, look), renderer._face(lottery, draw, lang, Kind.RESULT)
        whole = renderer._whole(look, form, shown, page.html, page.css)
        card = Image.open(BytesIO(renderer.draw(lottery, draw, form, lang, look).data))
        printed += renderer._plate(look, form, shown, Blank.of(page)) is not None
        # Letters may stand a pixel elsewhere: a ball stands between two pixels, its value does so by itself.
        mean, apart = difference(card, whole)
        assert mean <= LIKE_WHOLE, (name, form, lang)
        assert apart <= APART_WHOLE, (name, form, lang)
    assert printed >= 4  # most games are printed; tickets and words as wide as they are long are not


def test_what_a_card_looks_like_does_not_hang_on_what_was_drawn_before() -> None:
    lottery, draw = known("us_powerball")
    other = replace(
        draw, key=replace(draw.key, date=date(2026, 9, 30)), numbers={**draw.numbers, "main": (1, 2, 3, 4, 5)}
    )
    fresh, used = Renderer(), Renderer()
    used.draw(lottery, other, "og", "en")
    first = used.draw(lottery, draw, "og", "en")
    assert first == fresh.draw(lottery, draw, "og", "en") == used.draw(lottery, draw, "og", "en")


def test_marks_upon_marks_leave_the_line_above_alone(renderer: Renderer) -> None:
    for look in LOOKS:
        tall, plain = (
            renderer.page(replace(lottery, name=name), draw, "og", "en", look).layout.text["name"].size
            for lottery, draw in [known("vn_can_tho")]
            for name in ("Xổ số Cần Thơ", "Xo so Can Tho")
        )
        assert tall <= 0.8 * plain


# Hostile text


def hostile() -> Iterator[str]:
    """200 texts that mean no good, the same every time."""
    yield from (
        "<script>alert(1)</script>",
        "</div><img src=x onerror=alert(1)>",
        '"><style>.ball{display:none}</style>',
    )
    yield from (
        "{{ card.face.__class__ }}",
        "{% include '/etc/passwd' %}",
        "url(file:///etc/passwd)",
        "&lt;b&gt;&#x41;",
    )
    yield from (
        "a\x00b\x07c\x1b[31m",
        "\u202edlrow\u2066",
        "\ufeff\u200d",
        "\ud800 lone",
        "\n\t\r",
        "e" + "\u0301" * 500,
    )
    yield from ("x" * 5000, "i " * 2500, "W" * 60, "\U0001f600" * 400, "漢" * 300, "ก็็็็็็็" * 40, "اللّٰه" * 50, "")
    chance = Random(7)
    signs = "<>&\"'{}%#\\/;:=()[]`$ \u0000\u001b\u200b\u202e\u2028\ufffd\ud83dAz09éßЖ中ไ한ע🎱"
    while True:
        yield "".join(chance.choice(signs) for _ in range(chance.randrange(1, 90)))


def test_200_hostile_texts_in_every_field_stay_text(renderer: Renderer) -> None:
    # How large type and balls come out is for other tests: here all letters are of one width, and everything has room.
    look = renderer._look("plain")
    room: dict[str, Any] = {"height": 0, "runs": [], "children": []}
    composer = Composer(look, "og", FORMATS["og"], renderer.brand, (), lambda *_: room)
    composer._typesetter = Typesetter(renderer._fonts, lambda _, text: 60.0 * len(text))
    words, source = speak("en"), hostile()
    lottery, draw = known("us_powerball", corrected=True)

    def bears(text: str) -> tuple[Lottery, Draw]:
        """A result that has the text wherever a text can stand."""
        prizes = (Prize(text, 1, Money(Decimal(7), "USD")), Prize("4", 2, Money(Decimal(10) ** 13, "USD")))
        game = replace(lottery, name=text, operator=text, region=text, initials=text[:3])
        return game, replace(draw, key=replace(draw.key, label=text), prizes=prizes)

    def stays_text(shown: Face) -> Page:
        page = composer.compose(shown)
        html = page.html
        assert set(re.findall(r"<(\w+)", html)) == {"div", "img"}
        assert set(re.findall(r'src="([^"]*)"', html)) == {"ground"}
        assert all(char.isprintable() for char in said(html))
        assert len(said(html)) < 1800
        return page

    for number in range(40):
        texts = [next(source) for _ in range(5)]
        for text in texts:  # as name, operator, place, draw and tier of one card
            stays_text(face.prizes(*bears(text), words))
        # All as names, initials and draws of one board, one as its title; and the engine lays the board out.
        board = stays_text(face.digest(texts[0], DAY, [bears(text) for text in texts], words))
        assert renderer._measure("plain", board.html, board.css, FORMATS["og"])["children"]
        stays_text(face.coming(*bears(texts[1]), words))
        if number % 8 == 0:
            game, told = bears(texts[0])
            assert renderer.draw(game, told, "og", "en", LOOKS[number // 8 % 4], Kind.PRIZES).data


def test_a_template_reaches_no_file_and_nothing_beyond_what_it_is_given(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for file in ("ground.html", "style.css", "look.toml"):
        (mine / file).write_text((looks()["plain"] / file).read_text(encoding="utf-8"), encoding="utf-8")
    secret = tmp_path / "secret.html"
    secret.write_text("secret", encoding="utf-8")
    for reach in ("{% include '../secret.html' %}", "{{ card.__class__.__mro__[1].__subclasses__() }}"):
        (mine / "template.html").write_text(reach, encoding="utf-8")
        with pytest.raises(Exception, match=r"secret\.html|unsafe|undefined"):
            Renderer(own_looks=tmp_path).page(*known("us_powerball"), "og", "en", "mine")
    secret = tmp_path / "secret.png"
    Image.new("RGB", (400, 400), "red").save(secret)
    for source in (f"file://{secret}", str(secret), "http://127.0.0.1:9/x.png"):
        box = f'<div class="card og"><img src="{source}" style="width: 400px; height: 400px"><div>seen</div></div>'
        (mine / "template.html").write_text(box, encoding="utf-8")
        painted = Renderer(own_looks=tmp_path).draw(*known("us_powerball"), "og", "en", "mine").data
        assert Image.open(BytesIO(painted)).convert("RGB").getpixel((300, 300)) != (255, 0, 0)
    ours = '<div class="card og"><img class="behind" src="ground"><div>seen</div></div>'
    (mine / "template.html").write_text(ours, encoding="utf-8")
    (mine / "style.css").write_text(".og { padding: 64px } .ground { background: red }", encoding="utf-8")
    painted = Renderer(own_looks=tmp_path).draw(*known("us_powerball"), "og", "en", "mine").data
    assert Image.open(BytesIO(painted)).convert("RGB").getpixel((300, 300)) == (255, 0, 0)  # a picture that is its own


# What else a card is


def test_a_digest_shows_every_result_once_on_as_few_cards_as_it_takes(renderer: Renderer) -> None:
    results = [*day(), known("br_mega_sena"), known("jp_loto_6"), known("gr_joker")]
    pictures = renderer.digest("World", DAY, results, "square", "en", "paper")
    assert len(pictures) == 2
    told = " ".join(picture.alt for picture in pictures)
    for lottery, draw in results:
        assert told.count(speak("en").headline(lottery, draw)) == 1
    with pytest.raises(ValueError, match="World has no result of 2026-11-21"):
        renderer.digest("World", DAY, [], "square", "en")


def test_the_texts_of_prizes_and_of_the_next_draw_tell_all_that_the_card_shows(renderer: Renderer) -> None:
    lottery, draw = known("us_powerball")
    alt = renderer.draw(lottery, draw, "og", "en", kind=Kind.PRIZES).alt
    assert "Jackpot: $128,450,000." in alt
    assert alt.count(";") == len(draw.prizes) - 1
    assert "5: $25,690,000, 2 winners" in alt
    coming = renderer.draw(lottery, draw, "og", "es", kind=Kind.NEXT).alt
    assert (
        coming
        == "Powerball, próximo sorteo: sábado, 21 de noviembre de 2026, 22:59 Nueva York. Premio mayor: US$128,450,000."
    )
    with pytest.raises(ValueError, match="No source tells the prizes of us_powerball/2026-11-21"):
        renderer.draw(lottery, replace(draw, prizes=(), jackpot=None), "og", "en", kind=Kind.PRIZES)


def test_arabic_reads_digits_from_the_left_and_finds_the_currency_after_the_amount(renderer: Renderer) -> None:
    html = renderer.page(*known("us_ny_numbers"), "og", "ar").html
    assert '<div class="row" dir="ltr">' in html
    html = renderer.page(*known("lb_loto"), "og", "ar", kind=Kind.PRIZES).html
    # In the card's own direction, as CLDR has it: the full stop of “ل.ل.” is its last sign, on the left.
    assert re.search(r'class="amount"[^>]*><div>128,450,000 ل\.ل\.</div>', html)
    html = renderer.page(*known("us_powerball"), "og", "ar", kind=Kind.PRIZES).html
    assert re.search(r'class="amount"[^>]*><div dir="ltr">128,450,000 US\$</div>', html)


@pytest.mark.parametrize("form", FORMATS)
def test_the_digits_of_a_number_stand_on_one_line(renderer: Renderer, form: str) -> None:
    for look in LOOKS:
        lottery, draw = known("lb_yawmiyeh")
        lines = renderer.page(lottery, draw, form, "en", look).layout.lines
        drawn = [[ball.text for ball in group.balls] for line in lines for group in line]
        assert drawn == [list(values) for values in draw.numbers.values()]


def test_vietnamese_is_set_in_a_face_that_stacks_its_marks(renderer: Renderer) -> None:
    html = renderer.page(*known("vn_xsmb"), "og", "en", "gradient").html
    assert '<div class="towers">Xổ số Miền Bắc</div>' in html
    assert "towers" not in renderer.page(*known("us_powerball"), "og", "en", "gradient").html


def test_a_correction_takes_the_place_of_prizes_below_the_numbers_and_never_makes_balls_tiny(
    renderer: Renderer,
) -> None:
    lottery, draw = known("gr_joker", corrected=True)
    for look in LOOKS:
        for form in FORMATS:
            assert renderer.page(lottery, draw, form, "el", look, Kind.PRIZES).ball >= 70


def test_the_operator_s_name_and_logo_stand_on_every_card(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    Image.new("RGBA", (900, 300), "green").save(file)
    brand = Brand("Diario Libre", read_logo(file))
    ours, theirs = Renderer(), Renderer(brand)
    for look in LOOKS:
        page = theirs.page(*known("us_powerball"), "og", "en", look)
        assert "Diario Libre" in said(page.html)
        assert 'src="logo"' in page.html
    assert ours.version() != theirs.version()
    green = Image.open(BytesIO(theirs.draw(*known("us_powerball"), "og", "en", "plain").data)).convert("RGB")
    assert any(colour == (0, 128, 0) for _, colour in green.getcolors(1 << 20))
    (tmp_path / "broken.png").write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"broken\.png cannot be used as a logo: it must be a PNG, JPEG or WebP"):
        read_logo(tmp_path / "broken.png")


def test_a_file_stays_within_a_network_s_limit_or_is_refused() -> None:
    noise = Image.effect_noise((300, 200), 60).convert("RGB")
    every = ("image/png", JPEG, WEBP)
    assert encode(noise, PLAIN).media == "image/png"
    fitted = encode(noise, Encoding(every, 40_000))
    assert fitted.media == WEBP
    assert len(fitted.data) <= 40_000
    assert fitted == encode(noise, Encoding(every, 40_000))
    photo = encode(noise, Encoding((JPEG,), 40_000))
    assert (photo.media, Image.open(BytesIO(photo.data)).format) == (JPEG, "JPEG")
    with pytest.raises(ValueError, match="No card of 300 × 200 stays within 500 bytes"):
        encode(noise, Encoding(every, 500))
    assert Encoding(every, 900).within((JPEG, WEBP), 500) == Encoding((JPEG, WEBP), 500)
    assert PLAIN.within((JPEG,), 500) == Encoding(("image/png",), 500)


def test_the_workshop_draws_with_the_looks_as_they_are_now(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    for file in ("ground.html", "template.html", "style.css", "look.toml"):
        (mine / file).write_text((looks()["plain"] / file).read_text(encoding="utf-8"), encoding="utf-8")
    gallery = Gallery(House(Settings(card_looks_dir=tmp_path), database_url="", redis_url=""))
    asked = {"look": "mine", "format": "og", "lang": "en", "kind": "result", "lottery": "us_powerball"}
    before, stamp = gallery.card(asked), gallery.stamp()
    assert "mine" in gallery.looks
    style = mine / "style.css"
    style.write_text(style.read_text(encoding="utf-8") + ".ground { background: #fe0 }", encoding="utf-8")
    assert gallery.stamp() != stamp
    assert gallery.card(asked)[0] != before[0]
    for kind in ("corrected", "prizes", "next", "digest"):
        assert gallery.card({**asked, "kind": kind})[0].startswith(b"\x89PNG")
