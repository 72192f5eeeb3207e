"""What the world sees: the JSON of the API, field by field. The tables behind it are nobody's business."""

from lotto.api.schemas.check import Checked, CheckQuestion, Won
from lotto.api.schemas.collection import Collection
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
from lotto.api.schemas.latency import Latency, Pace, Paces, Percentiles, StepTaken
from lotto.api.schemas.lottery import Era, Lottery, LotterySummary, NextDraw, Pool, Slot, Tier
from lotto.api.schemas.money import Money
from lotto.api.schemas.odds import AnyOdds, Odds, TierOdds
from lotto.api.schemas.post import Post, PostState
from lotto.api.schemas.problem import Malformed, Problem
from lotto.api.schemas.schema import Page, Schema
from lotto.api.schemas.search import Hit
from lotto.api.schemas.signing import Jwk, SigningKey
from lotto.api.schemas.source import Ask, Source, SourceDetail, SourceState, Standing
from lotto.api.schemas.statistics import (
    Count,
    PairCount,
    Pairs,
    Place,
    PlaceValueCount,
    PoolStatistics,
    Share,
    Statistics,
    SumCount,
    Sums,
    Uniformity,
    ValueCount,
)
from lotto.api.schemas.webhook import (
    Delivery,
    DeliveryState,
    MadeWebhook,
    NewSecret,
    NewWebhook,
    Notification,
    Replay,
    Rotation,
    TestNotification,
    Webhook,
    WebhookChange,
)

__all__ = [
    "AnyOdds",
    "Ask",
    "Card",
    "Check",
    "CheckQuestion",
    "Checked",
    "Collection",
    "Count",
    "Decision",
    "Delivery",
    "DeliveryState",
    "Draw",
    "DrawDetail",
    "Era",
    "Evidence",
    "Hit",
    "Jwk",
    "Latency",
    "LatestDraw",
    "Lottery",
    "LotterySummary",
    "MadeWebhook",
    "Malformed",
    "Money",
    "NewSecret",
    "NewWebhook",
    "NextDraw",
    "Notification",
    "Odds",
    "Pace",
    "Paces",
    "Page",
    "PairCount",
    "Pairs",
    "Percentiles",
    "Place",
    "PlaceValueCount",
    "Pool",
    "PoolStatistics",
    "Post",
    "PostState",
    "Prize",
    "Problem",
    "Ready",
    "Replay",
    "Revision",
    "Rotation",
    "Schema",
    "Share",
    "SigningKey",
    "Slot",
    "Source",
    "SourceDetail",
    "SourceState",
    "Standing",
    "Statistics",
    "Status",
    "StepTaken",
    "SumCount",
    "Sums",
    "TestNotification",
    "Tier",
    "TierOdds",
    "Told",
    "Uniformity",
    "ValueCount",
    "Values",
    "Webhook",
    "WebhookChange",
    "Won",
]
