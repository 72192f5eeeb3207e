"""Counting, held against what the networks themselves publish about their counts."""

import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotto.publisher.counting import clusters, emoji_bytes, graphemes, linked, utf16, weighted

GRAPHEMES = [
    ("", 0),
    ("Powerball", 9),
    ("e\u0301", 1),
    ("\r\n", 1),
    ("👨‍👩‍👧‍👦", 1),
    ("👍🏽", 1),
    ("🇩🇴🇺🇸", 2),
    ("🇩🇴🇺", 2),
    ("1️⃣2️⃣", 2),
    ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 1),
    ("한국어", 3),
    ("\u1112\u1161\u11ab", 1),
    ("مرحبا", 5),
    ("שָׁלוֹם", 4),
    ("宝くじ", 3),
    ("กำ", 2),
    ("a\u200db", 2),
    ("❤️‍🔥", 1),
]
"""Unicode's own examples of UAX 29 among them; of `กำ` it counts one."""

WEIGHTED = [
    ("hello", 5),
    ("a" * 280, 280),
    ("日本語", 6),
    ("한국어", 6),
    ("مرحبا", 5),
    ("e\u0301", 1),
    ("😷", 2),
    ("👨‍👩‍👧‍👦", 2),
    ("👍🏽", 2),
    ("🇩🇴", 2),
    ("1️⃣", 2),
    ("https://t.co/x", 23),
    ("https://lotto.example/en/us_powerball/2026-11-21?a=b", 23),
    ("see https://lotto.example/ and", 4 + 23 + 4),
    ("example.com", 23),
    ("“quoted” – ‘so’", 15),
    ("…", 2),
]
"""By twitter-text's configuration v3 and its documentation “Counting characters”."""


@pytest.mark.parametrize(("text", "count"), GRAPHEMES)
def test_graphemes_are_what_readers_see(text: str, count: int) -> None:
    assert graphemes(text) == count


@pytest.mark.parametrize(("text", "count"), WEIGHTED)
def test_x_weighs_letters_links_and_emoji(text: str, count: int) -> None:
    assert weighted(text) == count


def test_telegram_counts_units_threads_bytes_of_emoji_and_mastodon_links_as_23() -> None:
    assert (utf16("a"), utf16("🎱"), utf16("👨‍👩‍👧‍👦")) == (1, 2, 11)
    assert (emoji_bytes("ab"), emoji_bytes("🎱"), emoji_bytes("مرحبا"), emoji_bytes("❤️")) == (2, 4, 5, 6)
    assert linked("see https://lotto.example/a/very/long/address/of/a/draw ok", 23) == 4 + 23 + 3


@given(st.text())
def test_clusters_lose_nothing_and_marks_never_stand_alone(text: str) -> None:
    parts = list(clusters(text))
    assert "".join(parts) == text
    for before, part in itertools.pairwise(parts):
        if unicodedata.category(part[0]) == "Mn":
            assert unicodedata.category(before[-1]) in ("Cc", "Cf", "Zl", "Zp")


@given(st.text(), st.text())
def test_a_longer_text_never_counts_less(text: str, more: str) -> None:
    for count in (graphemes, utf16, emoji_bytes):
        assert count(text + " " + more) >= count(text)
