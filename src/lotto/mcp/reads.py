"""Reads: what is asked of the API, in the API's own shapes."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote

import httpx2
from pydantic import BaseModel, ValidationError

ROOT = "/api/v1"

PATIENCE = 30.0
"""Seconds that the API has for one answer."""

Shape = TypeVar("Shape", bound=BaseModel)


class NotRead(Exception):
    """The API gave no such answer; the message is a sentence for whoever asked."""


class Reads:
    """Asks the API that `http` has as its base."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self._http = http

    async def get(self, shape: type[Shape], *path: str, **asked: object) -> Shape:
        """What the API answers at that path; what is None is not asked. Raises NotRead."""
        given = {name.rstrip("_"): value for name, value in asked.items() if value is not None}
        return await self._ask(shape, "GET", path, params=given)

    async def post(self, shape: type[Shape], *path: str, asked: Mapping[str, object]) -> Shape:
        """What the API answers to that question; raises NotRead."""
        return await self._ask(shape, "POST", path, json=asked)

    async def _ask(self, shape: type[Shape], method: str, path: tuple[str, ...], **more: Any) -> Shape:
        where = f"{ROOT}/" + "/".join(quote(part, safe="") for part in path if part)
        try:
            answer = await self._http.request(method, where, timeout=PATIENCE, **more)
        except httpx2.HTTPError:
            raise NotRead(f"The API at {self._http.base_url} cannot be reached now.") from None
        try:
            if answer.is_success:
                return shape.model_validate_json(answer.content)
            detail = answer.json()["detail"]
        except (ValidationError, ValueError, KeyError, TypeError):
            raise NotRead(f"What is at {self._http.base_url} did not answer as the API of this Lotto does.") from None
        raise NotRead(str(detail))
