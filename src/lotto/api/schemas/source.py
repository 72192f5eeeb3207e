"""Sources as the world sees them."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema

SourceState = Literal["blocked", "changed", "silent", "disagreeing", "late", "well", "resting"]


class Standing(Schema):
    """One thing that a source is up to."""

    state: SourceState = Field(
        description="`blocked`: it does not let us in; `changed`: its page is not the one we can read; `silent`: it "
        "has given nothing for an hour or longer; `disagreeing`: its word on a recent draw is contradicted; `late`: "
        "it should have shown a draw by now; `well`; `resting`: it is not asked at present"
    )
    since: datetime | None = Field(description="null where nobody can tell")
    why: str = Field(description="a sentence")
    lottery: str | None = Field(description="the lottery it is about; null when it is the source as a whole")


class Ask(Schema):
    """One time that a source was asked for a page."""

    asked_at: datetime
    answered_at: datetime | None
    status: int | None = Field(description="of the HTTP answer; null where none came")
    outcome: str = Field(description="read, objected, unchanged, not_yet, changed, failed or blocked")
    note: str
    size: int | None = Field(description="bytes")
    sha256: str | None = Field(description="hash of the page as it came; null where none did")


class Source(Schema):
    """Where results come from, what it is up to, and how it last went."""

    id: str
    publisher: str
    official: bool
    origin: str
    home: str
    lotteries: list[str]
    state: SourceState = Field(description="the worst of `standings`")
    since: datetime | None = Field(description="since when it is in that state; null where nobody can tell")
    why: str = Field(description="why it is, a sentence")
    standings: list[Standing] = Field(description="everything it is up to, the worst first; at least one")
    asked_at: datetime | None
    next_at: datetime | None = Field(description="when it is asked next, as far as is known; null when it is not asked")
    outcome: str | None = Field(
        description="of the last page asked for: read, objected, unchanged, not_yet, changed, failed or blocked; null "
        "before the first ask"
    )
    note: str = Field("", description="what there is to say of that outcome")


class SourceDetail(Source):
    """A source with how it was asked of late."""

    asks: list[Ask] = Field(description="the last ones, newest first")
