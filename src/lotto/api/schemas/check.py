"""Questions of players and their answers."""

from datetime import date

from pydantic import ConfigDict, Field, StrictInt, StrictStr

from lotto.api.day import AnyDay
from lotto.api.schemas.money import Money
from lotto.api.schemas.schema import Schema


class CheckQuestion(Schema):
    """Lines to check in a span of local days, both included; without them, in every draw there is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lottery": "us_powerball",
                    "lines": [{"main": [42, 46, 50, 21, 7], "bonus": [4]}],
                    "from": "2023-06-10",
                    "to": "2023-06-10",
                }
            ]
        }
    )

    lottery: str = Field(max_length=60)
    lines: list[dict[str, list[StrictInt | StrictStr]]] = Field(
        min_length=1, max_length=100, description="pool → the values chosen, as they are written"
    )
    from_: AnyDay | None = Field(None, alias="from")
    to: AnyDay | None = None


class Won(Schema):
    """A draw in which a line won; of a system, `count` of its lines did."""

    date: date
    label: str
    line: int = Field(description="which of the lines, from 0")
    tier: str
    count: int
    prize: Money | None = Field(description="of each of them, where it is known")


class Checked(Schema):
    """What lines won, the newest draw first."""

    lottery: str
    draws: int = Field(description="how many were looked at")
    unplayable: int = Field(description="of them, those whose rules took no such line")
    won: list[Won]
