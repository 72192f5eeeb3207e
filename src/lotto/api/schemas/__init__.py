"""What the world sees: the JSON of the API, field by field. The tables behind it are nobody's business."""

from lotto.api.schemas.check import Checked, CheckQuestion, Won
from lotto.api.schemas.collection import Collection
from lotto.api.schemas.day import Day
from lotto.api.schemas.draw import (
    Card,
    Decision,
    Draw,
    DrawDetail,
    Evidence,
    LatestDraw,
    Prize,
    Revision,
    Status,
    Values,
)
from lotto.api.schemas.event import Told
from lotto.api.schemas.health import Check, Ready
from lotto.api.schemas.lottery import Era, Lottery, LotterySummary, NextDraw, Pool, Slot, Tier
from lotto.api.schemas.money import Money
from lotto.api.schemas.post import Post, PostState
from lotto.api.schemas.problem import Malformed, Problem
from lotto.api.schemas.schema import Page, Schema
from lotto.api.schemas.signing import Jwk, SigningKey
from lotto.api.schemas.source import Source, SourceState, Standing

__all__ = [
    "Card",
    "Check",
    "CheckQuestion",
    "Checked",
    "Collection",
    "Day",
    "Decision",
    "Draw",
    "DrawDetail",
    "Era",
    "Evidence",
    "Jwk",
    "LatestDraw",
    "Lottery",
    "LotterySummary",
    "Malformed",
    "Money",
    "NextDraw",
    "Page",
    "Pool",
    "Post",
    "PostState",
    "Prize",
    "Problem",
    "Ready",
    "Revision",
    "Schema",
    "SigningKey",
    "Slot",
    "Source",
    "SourceState",
    "Standing",
    "Status",
    "Tier",
    "Told",
    "Values",
    "Won",
]
