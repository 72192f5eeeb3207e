"""What a search found, as the world sees it."""

from pydantic import Field

from lotto.api.schemas.draw import Draw
from lotto.api.schemas.lottery import LotterySummary
from lotto.api.schemas.schema import Schema


class Hit(Schema):
    """A lottery that was found, or one of its draws."""

    game: LotterySummary
    draw: Draw | None = Field(description="null when neither a value nor a day was asked for")
