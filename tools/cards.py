"""Draws the contact sheet of the cards, docs/pictures/cards.png, for `make pictures`. All draws on it are made up."""

from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image

from lotto.catalogue import load
from lotto.imaker.face import Kind
from lotto.imaker.look import looks
from lotto.imaker.renderer import FORMATS, Renderer
from lotto.imaker.specimen import specimen

SHEET = Path(__file__).parents[1] / "docs" / "pictures" / "cards.png"
DAY = date(2026, 11, 21)
GAP = 28
GROUND = (233, 233, 231)
HEIGHT = {"og": 300, "square": 360, "portrait": 430, "story": 560}
"""How high a card of each format is shown, in pixels."""

# Format → the cards of its row: lottery (or collection), kind, language; the looks take turns.
ROWS = (
    (
        "og",
        ("us_powerball", "result", "en"),
        ("il_chance", "result", "he"),
        ("fi_keno", "result", "en"),
        ("do_loteka", "corrected", "es"),
    ),
    (
        "og",
        ("fr_euromillions", "prizes", "fr"),
        ("us_ny_numbers", "result", "th"),
        ("lb_loto", "prizes", "ar"),
        ("de_lotto", "next", "de"),
    ),
    (
        "square",
        ("br_mega_sena", "result", "pt"),
        ("us_ny_quick_draw", "result", "en"),
        ("jp_loto_6", "prizes", "ja"),
        ("ve_lotto_activo", "result", "es"),
        ("europe", "digest", "fr"),
    ),
    (
        "portrait",
        ("kr_lotto_645", "prizes", "ko"),
        ("lb_loto", "result", "ar"),
        ("tw_lotto_649", "next", "zh"),
        ("za_powerball", "prizes", "en"),
        ("vn_can_tho", "result", "en"),
    ),
    (
        "story",
        ("gr_joker", "result", "el"),
        ("asia", "digest", "th"),
        ("ua_maxima", "prizes", "uk"),
        ("it_lotto", "result", "en"),
        ("latin_america", "digest", "es"),
        ("us_mega_millions", "next", "ar"),
    ),
)


def main() -> None:
    """Draws every card and lays them out."""
    catalogue, renderer, designs = load(), Renderer(), [*looks()]
    rows: list[list[Image.Image]] = []
    place = 0
    for form, *cards in ROWS:
        row = []
        for subject, kind, lang in cards:
            look = designs[place % len(designs)]
            place += 1
            if kind == "digest":
                ids = [one for one in catalogue.collections[subject].lotteries if catalogue.lotteries[one].era(DAY)][:9]
                shown = [(catalogue.lotteries[one], specimen(catalogue.lotteries[one], DAY)) for one in ids]
                picture = renderer.digest(catalogue.collections[subject].name, DAY, shown, form, lang, look)[0]
            else:
                lottery = catalogue.lotteries[subject]
                draw = specimen(lottery, DAY, corrected=kind == "corrected")
                about = Kind.RESULT if kind == "corrected" else Kind(kind)
                picture = renderer.draw(lottery, draw, form, lang, look, about)
            width, height = FORMATS[form]
            size = (round(width * HEIGHT[form] / height), HEIGHT[form])
            row.append(Image.open(BytesIO(picture.data)).resize(size, Image.Resampling.LANCZOS))
        rows.append(row)
    width = max(sum(one.width + GAP for one in row) for row in rows) + GAP
    sheet = Image.new("RGB", (width, sum(row[0].height + GAP for row in rows) + GAP), GROUND)
    top = GAP
    for row in rows:
        space = (width - sum(one.width for one in row)) / (len(row) + 1)
        left = space
        for one in row:
            sheet.paste(one, (round(left), top))
            left += one.width + space
        top += row[0].height + GAP
    sheet.save(SHEET, optimize=True)


if __name__ == "__main__":
    main()
