"""What live pages are told: that something became of a draw. What it is now, the draw itself says."""

from datetime import date

from pydantic import Field

from lotto.api.schemas.schema import Schema
from lotto.events import Type


class Told(Schema):
    """The data of one event."""

    type: Type
    lottery: str
    date: date
    label: str = Field(description="empty where the lottery holds one draw a day")
    revision: int = Field(description="rises only when published values change")
    update: int = Field(description="rises with anything else worth telling")
