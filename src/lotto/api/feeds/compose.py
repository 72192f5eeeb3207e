"""Composing: what a feed says of each draw, in one language."""

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET

from lotto.api.feeds.feed import Entry, Feed, Picture
from lotto.api.feeds.markup import html, leaf
from lotto.api.scope import Scope
from lotto.api.site import Site
from lotto.draws.draw import Draw, DrawKey, Status
from lotto.draws.lottery import Lottery
from lotto.events import Card
from lotto.words import Words


class Composer:
    """Makes feeds of a site in one language."""

    def __init__(self, site: Site, lotteries: Mapping[str, Lottery], words: Words) -> None:
        self._site = site
        self._lotteries = lotteries
        self._words = words

    def feed(self, of: Scope, draws: Sequence[Draw], cards: Mapping[DrawKey, Sequence[Card]]) -> Feed:
        """The feed of a scope: these draws, what was told last first."""
        words, name = self._words, of.called(self._words)
        entries = [self._entry(one, self._site.picture(cards.get(one.key, ()), words.lang)) for one in draws]
        about = words.say("feed.about", name=name)
        return Feed(
            id=self._site.tag(f"{of.path}?lang={words.lang}"),
            url=self._site.page(of, words.lang),
            base=f"{self._site.address}/api/v1/{of.path}/feed",
            title=words.say("feed.title", name=name),
            about=f"{about} {words.say('page.practice')}" if self._site.practice else about,
            lang=words.lang,
            entries=sorted(entries, key=lambda one: (one.updated, one.id), reverse=True),
        )

    def _entry(self, draw: Draw, picture: Picture | None) -> Entry:
        words, lottery = self._words, self._lotteries[draw.key.lottery]
        title = words.headline(lottery, draw)
        if mark := _mark(words, draw):
            title = words.say("feed.marked", mark=mark, title=title)
        url = self._site.draw(draw.key, words.lang)
        said = list(self._sentences(lottery, draw))
        shown = ET.Element("div")
        for sentence in said:
            leaf(shown, "p", sentence)
        if picture:
            size = {"width": str(picture.width), "height": str(picture.height)}
            leaf(leaf(shown, "p"), "img", src=picture.url, alt=picture.alt, **size)
        return Entry(
            id=self._site.tag(str(draw.key)),
            url=url,
            title=title,
            text="\n\n".join(said),
            html=html(shown),
            published=draw.observed_at or draw.drawn_at,
            updated=draw.updated_at or draw.drawn_at,
            game=lottery.name,
            draw=draw,
            picture=picture,
        )

    def _sentences(self, lottery: Lottery, draw: Draw) -> list[str]:
        """What there is to say: the result, what was corrected, whether it counts, the jackpot, how sure we are."""
        words = self._words
        said = [words.alt(lottery, draw)]
        if draw.status is Status.VOID:
            return [*said, words.say("page.void.why", reason=draw.reason)]
        if draw.jackpot:
            said.append(f"{words.say('page.jackpot_title')}: {words.money(draw.jackpot)}.")
        return [*said, f"{words.status(draw, lottery)}."]


def _mark(words: Words, draw: Draw) -> str:
    """The word before the title of a draw that is not what it was; empty for any other."""
    if draw.status is Status.VOID:
        return words.status(draw)
    return words.say("card.corrected") if draw.revision > 1 else ""
