"""What webhooks are sent, for the description's `webhooks`: these are addresses of others, which we ask."""

from typing import Annotated

from fastapi import APIRouter, Header

from lotto.api import schemas

router = APIRouter(tags=["Webhooks"])

Id = Annotated[str, Header(alias="webhook-id", description="the same each time that this message is sent")]
Stamp = Annotated[int, Header(alias="webhook-timestamp", description="when it was sent, in seconds")]
Signature = Annotated[str, Header(alias="webhook-signature", description="`v1,…`, one for each secret in force")]


@router.post("event", status_code=204)
def tell_event(told: schemas.Notification, webhook_id: Id, stamp: Stamp, signature: Signature) -> None:
    """Something became of a draw. Any 2xx takes it; all else is sent again, and 410 ends it."""


@router.post("test", status_code=204)
def tell_test(told: schemas.TestNotification, webhook_id: Id, stamp: Stamp, signature: Signature) -> None:
    """A message that only shows that messages arrive."""
