"""Webhooks as those see them whose they are: what they are told, how that goes, and the messages themselves."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, model_validator

from lotto.api.schemas.draw import Status
from lotto.api.schemas.event import Told
from lotto.api.schemas.schema import Schema
from lotto.events import Type

MOST = 200
"""Values of one filter."""

DeliveryState = Literal["waiting", "delivered", "failed"]


LARGEST = 2**53 - 1
"""The largest figure that every reader of JSON reads as it is written."""


class Filters(Schema):
    """Which events are told. Several values of one filter widen it; different filters narrow each other."""

    lotteries: list[str] = Field([], max_length=MOST, description="only of these lotteries")
    countries: list[str] = Field([], max_length=MOST, description="only of these countries, ISO 3166-1")
    collections: list[str] = Field([], max_length=MOST, description="only of lotteries in these collections")
    types: list[Type] = Field([], max_length=MOST, description="only events of these types")
    statuses: list[Status] = Field(
        [], max_length=MOST, description="only of draws that stand so when the event is told"
    )


class NewWebhook(Filters):
    """A webhook to be made."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": "https://hooks.example/lotto", "countries": ["us"]}]}
    )

    url: str = Field(max_length=2000, description="where messages are posted to: https, at its usual port")
    note: str = Field("", max_length=200, description="what you know it by")


class WebhookChange(Schema):
    """What is to be otherwise; what is left out stays as it is."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"types": ["new_result"], "rests": False}]})

    url: str | None = Field(None, max_length=2000)
    note: str | None = Field(None, max_length=200)
    lotteries: list[str] | None = Field(None, max_length=MOST)
    countries: list[str] | None = Field(None, max_length=MOST)
    collections: list[str] | None = Field(None, max_length=MOST)
    types: list[Type] | None = Field(None, max_length=MOST)
    statuses: list[Status] | None = Field(None, max_length=MOST)
    rests: bool | None = Field(None, description="true: it is told nothing until it is woken; false: it is woken")


class Webhook(Filters):
    """A webhook. Its secret is shown when it is made, and never again."""

    id: UUID
    url: str
    note: str
    position: int = Field(description="of the event that was looked at last for it")
    made_at: datetime
    old_secret_until: datetime | None = Field(description="until then messages are signed with the old secret as well")
    resting: str = Field(description="why it is told nothing now; empty when it is told")
    rested_by: Literal["owner", "receiver", "publisher"] | None
    rested_at: datetime | None
    failures: int = Field(description="tries in a row that were not taken")
    failing_since: datetime | None


class MadeWebhook(Webhook):
    """A new webhook and its secret, which is shown this once."""

    secret: str = Field(description="what messages are signed with, as Standard Webhooks writes it: `whsec_…`")


class Rotation(Schema):
    """How a secret is changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"overlap_hours": 24}]})

    overlap_hours: int = Field(24, ge=0, le=168, description="so long messages are signed with the old one as well")


class NewSecret(Schema):
    """A new secret, which is shown this once."""

    secret: str
    old_secret_until: datetime


class DeliveryTry(Schema):
    """One time that a message was sent."""

    at: datetime
    milliseconds: int
    status: int | None = Field(description="what was answered; null when nothing was")
    says: str


class Delivery(Schema):
    """A message on its way to a webhook, or there."""

    id: UUID
    message: str = Field(description="its `webhook-id`, the same each time that it is sent")
    type: Type | Literal["test"]
    event: UUID | None = Field(description="the id of the event; null for a test")
    position: int | None
    lottery: str | None
    date: date | None
    label: str | None
    state: DeliveryState
    planned_at: datetime
    next_try_at: datetime | None = Field(description="null when it is delivered or given up")
    settled_at: datetime | None
    tries: list[DeliveryTry] = Field(description="every time that it was sent, oldest first")


class Replay(Schema):
    """From where on everything is to be told once more: an instant or a position."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"after": 1200}],
            "oneOf": [{"required": ["since"]}, {"required": ["after"]}],
        }
    )

    since: AwareDatetime = Field(None, description="all that happened from then on")  # type: ignore[assignment]
    after: int = Field(None, ge=0, le=LARGEST, description="all that was said after that position")  # type: ignore[assignment]

    @model_validator(mode="after")
    def _one(self) -> "Replay":
        if (self.since is None) == (self.after is None):
            raise ValueError("name one of since and after")
        return self


class Notified(Told):
    """What a message tells: what became of which draw, and where that is to be read."""

    version: Literal[1]
    position: int = Field(description="in the one order of all events; the `Last-Event-ID` of the live ones")
    status: Status = Field(description="of the draw, when this was said")
    url: str = Field(description="where the draw is, as it stands now")


class Notification(Schema):
    """A message: an event in the envelope of CloudEvents 1.0."""

    specversion: Literal["1.0"]
    id: UUID = Field(description="of the event, the same for everybody who is told of it")
    source: str = Field(description="the address of the site")
    type: Type
    subject: str = Field(description="`lottery/date[/label]`")
    time: datetime = Field(description="when it happened")
    datacontenttype: Literal["application/json"]
    data: Notified


class TestData(Schema):
    """A test tells nothing."""

    version: Literal[1]
    type: Literal["test"]


class TestNotification(Schema):
    """A message that only shows that messages arrive."""

    specversion: Literal["1.0"]
    id: UUID
    source: str
    type: Literal["test"]
    subject: Literal["test"]
    time: datetime
    datacontenttype: Literal["application/json"]
    data: TestData
