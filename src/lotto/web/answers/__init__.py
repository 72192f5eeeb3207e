"""What the API answers, as far as pages need it, turned into the house's own nouns.

Fields we do not know are ignored, so an API that learns something new breaks no page.
"""

from lotto.web.answers.checking import CheckedAnswer, WonAnswer
from lotto.web.answers.collection import CollectionAnswer
from lotto.web.answers.draw import (
    DecisionAnswer,
    DetailAnswer,
    DrawAnswer,
    LatestAnswer,
    Picture,
    RevisionAnswer,
    Witness,
)
from lotto.web.answers.latency import LatencyAnswer, PaceAnswer, PacesAnswer, PercentilesAnswer, StepAnswer
from lotto.web.answers.letters import NewsletterAnswer, PushAnswer
from lotto.web.answers.lottery import ComingAnswer, EraAnswer, Game, LotteryAnswer, Next, SlotAnswer, TierAnswer
from lotto.web.answers.odds import AnyOddsAnswer, OddsAnswer, TierOddsAnswer
from lotto.web.answers.page import Page
from lotto.web.answers.post import PostAnswer
from lotto.web.answers.problem import ProblemAnswer
from lotto.web.answers.search import HitAnswer
from lotto.web.answers.source import SourceAnswer, StandingAnswer
from lotto.web.answers.statistics import (
    CountAnswer,
    PairAnswer,
    PairsAnswer,
    PlaceAnswer,
    PlaceValueAnswer,
    PoolFiguresAnswer,
    ShareAnswer,
    StatisticsAnswer,
    SumAnswer,
    SumsAnswer,
    UniformityAnswer,
    ValueAnswer,
)

__all__ = [
    "AnyOddsAnswer",
    "CheckedAnswer",
    "CollectionAnswer",
    "ComingAnswer",
    "CountAnswer",
    "DecisionAnswer",
    "DetailAnswer",
    "DrawAnswer",
    "EraAnswer",
    "Game",
    "HitAnswer",
    "LatencyAnswer",
    "LatestAnswer",
    "LotteryAnswer",
    "NewsletterAnswer",
    "Next",
    "OddsAnswer",
    "PaceAnswer",
    "PacesAnswer",
    "Page",
    "PairAnswer",
    "PairsAnswer",
    "PercentilesAnswer",
    "Picture",
    "PlaceAnswer",
    "PlaceValueAnswer",
    "PoolFiguresAnswer",
    "PostAnswer",
    "ProblemAnswer",
    "PushAnswer",
    "RevisionAnswer",
    "ShareAnswer",
    "SlotAnswer",
    "SourceAnswer",
    "StandingAnswer",
    "StatisticsAnswer",
    "StepAnswer",
    "SumAnswer",
    "SumsAnswer",
    "TierAnswer",
    "TierOddsAnswer",
    "UniformityAnswer",
    "ValueAnswer",
    "Witness",
    "WonAnswer",
]
