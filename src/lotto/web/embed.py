"""Embeds: the code that puts the newest result of a game on a page of somebody else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from lotto.web.answers import LotteryAnswer
from lotto.words import LANGUAGES, Words

LOOKS = ("auto", "light", "dark")
"""How an embed may look; `auto` follows the reader's device and is not written down."""

HEIGHT = 340
"""Pixels of a frame, enough for a card with two rows of balls on a phone."""


@dataclass(frozen=True)
class Embedding:
    """What was chosen, and the code for it."""

    games: tuple[tuple[str, str], ...]
    """Id and name."""
    id: str
    lang: str
    look: str
    looks: tuple[str, ...]
    element: str
    frame: str
    height: int
    preview: str
    """Address of what the frame shows, on our own origin."""


def embedding(
    words: Words, lotteries: Sequence[LotteryAnswer], newest: str, query: Mapping[str, str], address: str
) -> Embedding | None:
    """The code that the query of the builder asks for, for the site at that address; None where there is no game.

    Who has not chosen a game yet sees the `newest` that was drawn.
    """
    games = {one.id: one.name for one in sorted(lotteries, key=lambda one: one.name.casefold())}
    chosen = next((one for one in (query.get("lottery", ""), newest, *games) if one in games), None)
    if chosen is None:
        return None
    lang = query.get("lang", words.lang)
    lang = lang if lang in LANGUAGES else words.lang
    look = query.get("theme", "")
    look = look if look in LOOKS else LOOKS[0]
    path = f"/{lang}/embed/{quote(chosen)}" + (f"?theme={look}" if look != LOOKS[0] else "")
    themed = f' theme="{look}"' if look != LOOKS[0] else ""
    return Embedding(
        games=tuple(games.items()),
        id=chosen,
        lang=lang,
        look=look,
        looks=LOOKS,
        element=f'<script type="module" src="{escape(address)}/embed.js"></script>\n'
        f'<lotto-result lottery="{escape(chosen)}" lang="{lang}"{themed}></lotto-result>',
        frame=f'<iframe src="{escape(address)}{escape(path)}" title="{escape(games[chosen])}" '
        f'width="100%" height="{HEIGHT}" loading="lazy" style="border:1px solid #8884;border-radius:14px"></iframe>',
        height=HEIGHT,
        preview=path,
    )
