"""Subscriptions of people: to a newsletter by mail, and to notifications in a browser."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from lotto.api.schemas.schema import Schema
from lotto.api.spoken import spoken
from lotto.words import LANGUAGES

MOST = 200
"""Lotteries of one subscription."""


Language = Annotated[
    str,
    AfterValidator(spoken),
    Field(max_length=10, description="in which we write", json_schema_extra={"enum": list(LANGUAGES)}),
]


class Newsletter(Schema):
    """A newsletter that anybody may subscribe to."""

    id: str


class NewSubscriber(Schema):
    """Somebody who wants a newsletter."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "ana@example.org", "lang": "es"}]})

    email: str = Field(max_length=320)
    lang: Language = "en"
    lotteries: list[str] = Field([], max_length=MOST, description="only of these; without any of all")


class Token(Schema):
    """What stands in every letter: by it its receiver is known."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "AAAA"}]})

    token: str = Field(max_length=200)


class Subscription(Schema):
    """All that is kept of a subscriber."""

    newsletter: str
    email: str | None = Field(description="null once he has left")
    lang: str
    lotteries: list[str]
    consent: str = Field(description="the sentence that was agreed to")
    asked_at: datetime
    confirmed_at: datetime | None
    left_at: datetime | None


class Push(Schema):
    """How a browser subscribes."""

    key: str | None = Field(description="`applicationServerKey`; null where nothing is pushed from here")
    accounts: list[str] = Field(description="what may be subscribed to")


class BrowserKeys(Schema):
    """What messages to a browser are encrypted for."""

    p256dh: str = Field(max_length=200)
    auth: str = Field(max_length=100)


class LeastJackpot(Schema):
    """A jackpot that is worth a notification."""

    amount: Annotated[
        Decimal,
        Field(gt=0, le=Decimal(10**15), max_digits=20, decimal_places=2),
        # As every amount of ours is told; a number of JSON is taken too.
        WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,14}(\\.[0-9]{1,2})?$", "maxLength": 18}),
    ]
    currency: str = Field(pattern="^[A-Z]{3}$")


class NewBrowser(Schema):
    """A browser's subscription, as it tells it itself, and what it wants to be told."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"endpoint": "https://push.example/abc", "keys": {"p256dh": "BA", "auth": "AA"}}]
        }
    )

    endpoint: str = Field(max_length=2000)
    keys: BrowserKeys
    lang: Language = "en"
    lotteries: list[str] = Field([], max_length=MOST, description="only of these; without any of all")
    jackpot: LeastJackpot | None = Field(None, description="only results for at least so much, in that currency")


class Browser(Schema):
    """A browser that wants to be told nothing more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"endpoint": "https://push.example/abc"}]})

    endpoint: str = Field(max_length=2000)
