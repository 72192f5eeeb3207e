"""What people read: dates, money, games and statuses in their own language; used by cards, posts and pages."""

from lotto.words.change import Change, changes
from lotto.words.language import CARD_LANGUAGES, DIGEST, LANGUAGES, Words, speak

__all__ = ["CARD_LANGUAGES", "DIGEST", "LANGUAGES", "Change", "Words", "changes", "speak"]
