"""Posts as the world sees them."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema

PostState = Literal["planned", "sending", "sent", "unknown", "failed", "held", "folded"]


class Post(Schema):
    """What was published to a network. After an outage many late results may be told by one post, a digest."""

    account: str
    network: str
    lottery: str
    date: date
    label: str
    revision: int
    kind: Literal["create", "edit", "follow_up", "remove"]
    state: PostState = Field(description="`folded`: the digest of another post tells this draw")
    url: str | None = Field(description="where it stands; of a folded post, where the digest stands")
    text: str
    image: str | None
    alt: str
    sent_at: datetime | None
    tells: int = Field(1, description="how many draws it tells; more than one: it is a digest")
    folded_into: str | None = Field(None, description="`lottery/date[/label]` of the draw whose post tells this one")
