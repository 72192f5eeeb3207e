"""From what the house knows to what the world sees."""

from lotto.api.views.check import checked
from lotto.api.views.lottery import lottery, next_draw, pools, summary
from lotto.api.views.views import Publisher, Views

__all__ = ["Publisher", "Views", "checked", "lottery", "next_draw", "pools", "summary"]
