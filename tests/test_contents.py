"""What stands in a page: each way to read it, and that what is broken, too big or strange is refused in a sentence."""

import io
import zipfile
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from msgspec import Struct

from lotto.scraper.contents import (
    amount,
    archive,
    decoded,
    document,
    documents,
    instant,
    members,
    months,
    rows,
    sheet,
    workbook,
    written_day,
)
from lotto.scraper.sources.source import Amount, Page, PageChanged

AT = datetime(2026, 2, 17, 12, tzinfo=UTC)


def page(body: bytes) -> Page:
    return Page("https://lottery.example/", body, AT)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, body in files.items():
            into.writestr(name, body)
    return out.getvalue()


# --- encodings and tables ---


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("numéro", "latin-1"), ("הגרלה", "windows-1255"), ("大樂透", "big5"), ("Loterie é", "utf-16"), ("é", "utf-8")],
)
def test_a_text_is_read_in_its_encoding(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), encoding) == text
    assert decoded(b"\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize(
    ("body", "encoding", "says"),
    [
        ("numéro".encode("latin-1"), "utf-8", "Byte 3 of the file is not UTF-8."),
        ("1–2".encode("cp1252"), "latin-1", "a sign in it is U+0096"),
        ("ab".encode("utf-16-le"), "latin-1", "a sign in it is U+0000"),
        (b"\xd9\xff", "windows-1255", "is not WINDOWS-1255"),
        (b"\xa4", "big5", "is not BIG5"),
        (b"\xff\xfea", "utf-16", "is not UTF-16"),
        ("�".encode(), "utf-8", "a sign in it is U+FFFD"),
    ],
)
def test_bytes_of_another_encoding_are_refused(body: bytes, encoding: str, says: str) -> None:
    with pytest.raises(PageChanged, match=says.replace("+", r"\+")):
        decoded(body, encoding)


def test_a_table_has_any_separator_and_an_end() -> None:
    assert rows(page("a;é\n1;2\n".encode("latin-1")), separator=";", encoding="latin-1") == [["a", "é"], ["1", "2"]]
    assert rows(page(b"a\tb\n1\t2"), separator="\t", unended=True)[-1] == ["1", "2"]
    with pytest.raises(PageChanged, match="it is cut short"):
        rows(page(b"a\tb\n1\t2"), separator="\t")


# --- archives and workbooks ---


def test_the_files_of_an_archive_are_pages() -> None:
    found = list(members(page(zipped({"a.csv": b"1", "b.csv": b"2"}))))
    assert [(name, one.body, one.url) for name, one in found] == [
        ("a.csv", b"1", "https://lottery.example/"),
        ("b.csv", b"2", "https://lottery.example/"),
    ]


def test_the_names_in_an_archive_may_be_of_an_old_encoding() -> None:
    body = zipped({"XX.csv": b"1"}).replace(b"XX", "大".encode("big5"))
    assert [name for name, _ in members(page(body), names="big5")] == ["大.csv"]


@pytest.mark.parametrize("cut", [0, 10, 60, -1])
def test_an_archive_that_is_cut_is_refused(cut: int) -> None:
    with pytest.raises(PageChanged, match="no whole zip archive"):
        list(members(page(zipped({"a.csv": b"1" * 100})[:cut])))


def test_an_archive_whose_bytes_were_changed_is_refused() -> None:
    body = bytearray(zipped({"a.csv": b"07 14 21 " * 50}))
    body[45] ^= 255
    with pytest.raises(PageChanged, match="no whole zip archive"):
        list(members(page(bytes(body))))


def test_an_archive_made_to_burst_is_refused_before_it_is_unpacked() -> None:
    bomb = zipped({"a.csv": b"0" * (archive.LARGEST_INSIDE + 1)})
    assert len(bomb) < 100_000
    with pytest.raises(PageChanged, match="more than we unpack"):
        list(members(page(bomb)))
    with pytest.raises(PageChanged, match="holds 201 files"):
        list(members(page(zipped({str(n): b"" for n in range(archive.MOST_MEMBERS + 1)}))))
    # One that lies about its size is read no further than it says.
    size = (archive.LARGEST_INSIDE + 1).to_bytes(4, "little")
    with pytest.raises(PageChanged, match=r"no whole zip archive|not of the size"):
        list(members(page(bomb.replace(size, (1000).to_bytes(4, "little")))))
    with pytest.raises(PageChanged, match="more than the 8,000,000 we read"):
        list(members(page(b"PK" * archive.LONGEST_ARCHIVE)))


def book(*rows_: tuple[object, ...], title: str = "MEGA", more: tuple[str, ...] = ()) -> bytes:
    made = openpyxl.Workbook(write_only=True)
    for name in (title, *more):
        into = made.create_sheet(name)
        for row in rows_:
            into.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_sheet_is_its_cells_as_texts() -> None:
    evening = datetime.combine(date(2023, 11, 18), time(20))
    body = book(("Concurso", 1.0, 2.5), (None, None), (7, " 07 ", date(2023, 11, 18), evening))
    assert sheet(page(body)) == [
        ["Concurso", "1", "2.5", ""],
        ["7", "07", "2023-11-18", "2023-11-18T20:00:00"],
    ]


def test_what_is_no_sheet_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for body, says in (
        (b"<html>", "no whole zip archive"),
        (zipped({"a.csv": b"1"}), "The file is no workbook: "),
        (book((1,), title="A", more=("B",)), "The workbook has the sheets A, B, not “”."),
    ):
        with pytest.raises(PageChanged, match=says):
            sheet(page(body))
    with pytest.raises(PageChanged, match="has the sheets MEGA, not “QUINA”"):
        sheet(page(book((1,))), "QUINA")
    monkeypatch.setattr(workbook, "MOST_CELLS", 3)
    with pytest.raises(PageChanged, match="The sheet has more than 3 cells"):
        sheet(page(book((1, 2), (3, 4))))


# --- documents ---


class Ball(Struct):
    number: int


class Game(Struct):
    balls: list[Ball]


def test_a_document_is_what_its_form_says() -> None:
    assert document(page(b'\xef\xbb\xbf{"balls": [{"number": 7, "colour": "red"}]}'), Game) == Game([Ball(7)])
    assert document(document(page(b'"{\\"balls\\": []}"'), str), Game) == Game([])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{}", "The layout changed: Object missing required field `balls`."),
        (
            b'{"balls": [{"number": "7"}]}',
            r"Expected `int`, got `str` - at `\$.balls\[0\].number`.",
        ),
        (b'{"balls": [{"number": 7', "The document is not whole JSON: "),
        (b"", "The document is not whole JSON: "),
        (b"[" * 100_000, "The document is not whole JSON: |The layout changed"),
        (b"<title>Access denied</title>", "A filter blocked it"),
        (b"<title>New</title>", "this is no JSON document"),
    ],
)
def test_what_is_not_as_the_form_says_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(PageChanged, match=says):
        document(page(body), Game)


def test_documents_are_one_on_each_line() -> None:
    assert list(documents(page(b'{"number": 7}\n{"number": 8}\r\n'), Ball)) == [Ball(7), Ball(8)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"number": 7}\n{"number": 8}', "it is cut short"),
        (b'{"number": 7}\n\n', "The document is not whole JSON: "),
        (b'{"number": 7}\n{}\n', "The layout changed: Object missing required field `number`."),
        (b"", "it is cut short"),
        (b"<title>New</title>\n", "this is no JSON document"),
    ],
)
def test_of_documents_on_lines_one_that_is_not_as_the_form_says_is_refused(body: bytes, says: str) -> None:
    with pytest.raises(PageChanged, match=says):
        list(documents(page(body), Ball))


# --- days ---


@pytest.mark.parametrize(
    ("shown", "order", "languages", "day"),
    [
        ("Tuesday, 17 de February de 2026", "dmy", "en", date(2026, 2, 17)),
        ("21. 11. 2024", "dmy", "", date(2024, 11, 21)),
        ("20110506", "ymd", "", date(2011, 5, 6)),
        ("23/09/16", "dmy", "", date(2016, 9, 23)),
        ("19/05/76", "dmy", "", date(1976, 5, 19)),
        ("Nov 2, 2024", "mdy", "en", date(2024, 11, 2)),
        ("2 décembre 2023", "dmy", "fr", date(2023, 12, 2)),
        ("9 de setiembre de 2025", "dmy", "es", date(2025, 9, 9)),
        ("10 août 2025", "dmy", "fr", date(2025, 8, 10)),
        ("3. listopadu 2025", "dmy", "cs", date(2025, 11, 3)),
        ("2024.11.27", "ymd", "", date(2024, 11, 27)),
    ],
)
def test_a_day_is_read_in_any_order_and_language(shown: str, order: str, languages: str, day: date) -> None:
    assert written_day(shown, order, AT, languages=languages) == day


@pytest.mark.parametrize("shown", ["", "17/02", "17 de Brumaire 2026", "31/02/2026", "23/06/2021/7", "17/02/226", "x"])
def test_what_is_no_day_is_refused(shown: str) -> None:
    with pytest.raises(PageChanged, match=r"is not the date of a draw|is no day"):
        written_day(shown, "dmy", AT, languages="en")


def test_every_language_has_twelve_months() -> None:
    for language in ("en", "es", "fr", "pt", "it", "de", "pl", "cs", "hu", "lv", "et", "fi", "sv", "da", "el", "tr"):
        assert set(months(language).values()) == set(range(1, 13)), language


def test_a_moment_is_on_the_clocks_of_its_zone() -> None:
    at = instant(1732215600000, ZoneInfo("Europe/Brussels"))
    assert (at.date(), at.time()) == (date(2024, 11, 21), time(20))
    with pytest.raises(PageChanged, match="is no moment of a draw"):
        instant(10**20, ZoneInfo("UTC"))


# --- money ---


@pytest.mark.parametrize(
    ("shown", "decimal", "currency", "told"),
    [
        ("90.860,40 €", ",", "", Amount("90860.40", "EUR")),
        ("1 100 000 kr.", ",", "SEK", Amount("1100000", "SEK")),
        ("$55 Million", ".", "USD", Amount("55000000", "USD")),
        ("$1.5 Billion", ".", "USD", Amount("1500000000", "USD")),
        ("R$1.714.650,23", ",", "", Amount("1714650.23", "BRL")),
        ("₡175.000.000", ",", "", Amount("175000000", "CRC")),
        ("5000000,00", ",", "SEK", Amount("5000000.00", "SEK")),
        ("3\N{NO-BREAK SPACE}072,75 €", ",", "", Amount("3072.75", "EUR")),
        ("12'000'000", ".", "CHF", Amount("12000000", "CHF")),
        ("7", ".", "", Amount("7")),
    ],
)
def test_an_amount_is_read_as_its_country_writes_it(shown: str, decimal: str, currency: str, told: Amount) -> None:
    assert amount(shown, decimal=decimal, currency=currency) == told


@pytest.mark.parametrize(
    "shown", ["", "€", "1.2.3", "12.34.567,00", "1,00,000", "-5 €", "5 or 6", "Play daily!", "1,5,0"]
)
def test_what_is_no_amount_is_refused(shown: str) -> None:
    with pytest.raises(PageChanged, match="is not an amount of money"):
        amount(shown, decimal=",")
