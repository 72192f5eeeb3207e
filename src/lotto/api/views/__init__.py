"""From what the house knows to what the world sees."""

from lotto.api.views.check import checked
from lotto.api.views.latency import house_paces, latency, paces
from lotto.api.views.lottery import foreseen, lottery, next_draw, pools, summary
from lotto.api.views.odds import odds_of
from lotto.api.views.statistics import statistics
from lotto.api.views.views import Publisher, Views
from lotto.api.views.webhook import delivery, made_webhook, webhook

__all__ = [
    "Publisher",
    "Views",
    "checked",
    "delivery",
    "foreseen",
    "house_paces",
    "latency",
    "lottery",
    "made_webhook",
    "next_draw",
    "odds_of",
    "paces",
    "pools",
    "statistics",
    "summary",
    "webhook",
]
