"""How networks count a text: grapheme clusters, UTF-16 units, and X's weighted characters.

Whatever is not sure is counted rather too long: a text that is too short by a link still goes out.
"""

import re
import unicodedata
from collections.abc import Iterator

LINK = re.compile(r"https?://[^\s]+")
"""An address that a network turns into a link."""

_BARE = re.compile(r"https?://[^\s]+|(?<![\w@./-])(?:[\w-]+\.)+[^\W\d_]{2,}(?:/[^\s]*)?")
"""The same, and an address without a scheme, which X links as well."""

_ZWJ = 0x200D
_KEYCAP = 0x20E3
_EMOJI_STYLE = 0xFE0F

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Code points that weigh one with X; all others weigh two (twitter-text, configuration v3)."""

_X_LINK = 23


def graphemes(text: str) -> int:
    """How many characters a reader sees: extended grapheme clusters (Unicode UAX 29).

    Conjuncts of Indic scripts count as their parts, so the number may be larger than a network's, never smaller.
    """
    return sum(1 for _ in clusters(text))


def utf16(text: str) -> int:
    """Units of UTF-16: characters beyond the basic plane, emoji among them, count two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def linked(text: str, link: int) -> int:
    """Graphemes, of which each link takes that many however long it is (Mastodon)."""
    return graphemes(LINK.sub("x" * link, text))


def weighted(text: str) -> int:
    """X's count (twitter-text, configuration v3): a link 23, an emoji 2, most of the world's other letters 1 or 2."""
    text = unicodedata.normalize("NFC", text)
    links = sum(_X_LINK for _ in _BARE.finditer(text))
    return links + sum(_weight(cluster) for cluster in clusters(_BARE.sub("", text)))


def emoji_bytes(text: str) -> int:
    """Characters, of which an emoji counts as many as its UTF-8 has bytes (Threads)."""
    return sum(len(cluster.encode()) if _is_emoji(cluster) else len(cluster) for cluster in clusters(text))


def clusters(text: str) -> Iterator[str]:
    """The extended grapheme clusters of a text, one after another."""
    start = 0
    for place in range(1, len(text)):
        if _breaks(text, start, place):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _weight(cluster: str) -> int:
    if _is_emoji(cluster):
        return 2
    return sum(1 if any(low <= ord(one) <= high for low, high in _LIGHT) else 2 for one in cluster)


def _is_emoji(cluster: str) -> bool:
    """Whether a cluster is shown as a picture."""
    first = ord(cluster[0])
    if _regional(first):
        return len(cluster) > 1
    styled = any(ord(one) in (_EMOJI_STYLE, _KEYCAP) for one in cluster)
    return (_pictographic(first) and (first >= 0x1F000 or styled or len(cluster) > 1 or first >= 0x2600)) or (
        styled and first < 0x80
    )


def _breaks(text: str, start: int, place: int) -> bool:
    """Whether a cluster ends between the characters before and at `place` (rules GB3 to GB13)."""
    before, after = ord(text[place - 1]), ord(text[place])
    if before == 0x0D and after == 0x0A:
        return False
    if _control(before) or _control(after):
        return True
    if _extends(after) or _hangul(before, after):
        return False
    if before == _ZWJ and _pictographic(after):
        return not _pictographic(ord(text[start]))
    if _regional(before) and _regional(after):
        # Flags are pairs: the cluster so far is one half, or whole already.
        return place - start != 1
    return True


def _control(code: int) -> bool:
    return unicodedata.category(chr(code)) in ("Cc", "Zl", "Zp") or (
        unicodedata.category(chr(code)) == "Cf" and code not in (0x200C, _ZWJ) and not 0xE0020 <= code <= 0xE007F
    )


def _extends(code: int) -> bool:
    """Marks, joiners and modifiers that belong to the character before."""
    return (
        unicodedata.category(chr(code)) in ("Mn", "Me", "Mc")
        or code in (0x200C, _ZWJ)
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _regional(code: int) -> bool:
    return 0x1F1E6 <= code <= 0x1F1FF


def _pictographic(code: int) -> bool:
    return (
        (0x1F000 <= code <= 0x1FAFF and not _regional(code))
        or 0x2190 <= code <= 0x2BFF
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _hangul(before: int, after: int) -> bool:
    """Whether two jamo, or a syllable and a jamo, are one syllable (GB6 to GB8)."""
    leading = 0x1100 <= before <= 0x115F or 0xA960 <= before <= 0xA97C
    syllable = 0xAC00 <= before <= 0xD7A3
    open_syllable = syllable and (before - 0xAC00) % 28 == 0
    vowel = 0x1160 <= before <= 0x11A7 or 0xD7B0 <= before <= 0xD7C6
    trailing = 0x11A8 <= before <= 0x11FF or 0xD7CB <= before <= 0xD7FB
    to_vowel = 0x1160 <= after <= 0x11A7 or 0xD7B0 <= after <= 0xD7C6
    to_trailing = 0x11A8 <= after <= 0x11FF or 0xD7CB <= after <= 0xD7FB
    to_block = 0x1100 <= after <= 0x115F or 0xA960 <= after <= 0xA97C or 0xAC00 <= after <= 0xD7A3
    return (
        (leading and (to_block or to_vowel))
        or ((open_syllable or vowel) and (to_vowel or to_trailing))
        or ((syllable or trailing) and to_trailing)
    )
