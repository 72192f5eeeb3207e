"""What a search found, as the API answers it."""

from dataclasses import dataclass

from lotto.web.answers.draw import DrawAnswer
from lotto.web.answers.lottery import Game


@dataclass(frozen=True, kw_only=True)
class HitAnswer:
    """A lottery that was found, or one of its draws."""

    game: Game
    draw: DrawAnswer | None
