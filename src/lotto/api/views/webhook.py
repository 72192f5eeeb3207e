"""Webhooks and deliveries as their owners see them."""

from collections.abc import Sequence

from lotto.api import schemas
from lotto.ledger import deliveries, webhooks
from lotto.webhooks import message


def webhook(one: webhooks.Webhook) -> schemas.Webhook:
    """A webhook, without its secret."""
    return schemas.Webhook.model_validate(_facts(one))


def made_webhook(one: webhooks.Webhook, secret: str) -> schemas.MadeWebhook:
    """A new one, with it."""
    return schemas.MadeWebhook.model_validate({**_facts(one), "secret": secret})


def delivery(one: deliveries.Delivery, tries: Sequence[deliveries.Try]) -> schemas.Delivery:
    """A delivery with its tries."""
    told = one.told
    return schemas.Delivery.model_validate(
        {
            "id": one.id,
            "message": message.id_of(one.id),
            "type": told.type if told else message.TEST,
            "event": told.id if told else None,
            "position": told.position if told else None,
            "lottery": told.key.lottery if told else None,
            "date": told.key.date if told else None,
            "label": told.key.label if told else None,
            "state": one.state,
            "planned_at": one.planned_at,
            "next_try_at": one.due_at if one.state == "waiting" else None,
            "settled_at": one.settled_at,
            "tries": [
                {"at": each.at, "milliseconds": each.milliseconds, "status": each.status, "says": each.words}
                for each in tries
            ],
        }
    )


def _facts(one: webhooks.Webhook) -> dict[str, object]:
    wants = one.wants
    return {
        "id": one.id,
        "url": one.url,
        "note": one.note,
        "lotteries": list(wants.lotteries),
        "countries": [country.lower() for country in wants.countries],
        "collections": list(wants.collections),
        "types": list(wants.types),
        "statuses": list(wants.statuses),
        "position": one.position,
        "made_at": one.made_at,
        "old_secret_until": one.old_until,
        "resting": one.resting,
        "rested_by": one.rested_by,
        "rested_at": one.rested_at,
        "failures": one.failures,
        "failing_since": one.failing_since,
    }
