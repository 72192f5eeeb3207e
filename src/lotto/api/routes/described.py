"""What the API says of itself, beside its OpenAPI document."""

from typing import Any

from fastapi import APIRouter

from lotto.api import asyncapi

router = APIRouter()


@router.get("/asyncapi.json", include_in_schema=False)
async def live_description() -> dict[str, Any]:
    """The live events, as AsyncAPI describes such."""
    return asyncapi.document()
