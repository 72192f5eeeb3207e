"""A list, as the API answers one."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Item]):
    """A list, and the address of the one that follows."""

    items: tuple[Item, ...]
    next: str | None = None
