"""The lotteries' own colours as a style sheet: two figures each, everything else is derived by the tokens."""

from collections.abc import Iterable

from lotto.web.answers import Game


def colours(lotteries: Iterable[Game]) -> str:
    """A rule for each lottery; their ids are safe in a style sheet by the shape of the answer."""
    return "".join(f'[data-lottery="{one.id}"]{{--hue:{one.hue};--chroma:{one.chroma:g}}}\n' for one in lotteries)
