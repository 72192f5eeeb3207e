"""What all the JSON of the API is made of: immutable records, and lists with the address of what follows."""

from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict

Item = TypeVar("Item")


class Schema(BaseModel):
    """Immutable, and exactly what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Page(BaseModel, Generic[Item]):
    """A list; `next` is the address of the following page, or null."""

    items: list[Item]
    next: str | None
