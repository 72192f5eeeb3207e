"""Collections, as the API answers them."""

from dataclasses import dataclass

from lotto.web.answers.lottery import Name


@dataclass(frozen=True, kw_only=True)
class CollectionAnswer:
    """A named set of lotteries."""

    id: Name
    name: str
    lotteries: tuple[str, ...]
