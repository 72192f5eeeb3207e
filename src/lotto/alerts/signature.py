"""The signature of a webhook, as Standard Webhooks writes it: HMAC-SHA256 over id, timestamp and body."""

import binascii
import hmac
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"
LEAST = 24
MOST = 64
"""Bytes of a secret, as Standard Webhooks recommends them."""


def key(secret: str) -> bytes:
    """The key that a secret spells; raises ValueError with a sentence that does not tell it."""
    try:
        found = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not secret.startswith(PREFIX) or not LEAST <= len(found) <= MOST:
        raise ValueError(
            f"it is not {PREFIX} and {LEAST} to {MOST} bytes in base64; "
            f'make one with `echo "{PREFIX}$(openssl rand -base64 32)"`'
        )
    return found


def headers(key: bytes, id: str, at: datetime, body: bytes) -> dict[str, str]:  # noqa: A002 - the standard's word
    """The three headers of this message, sent at that instant."""
    stamp = str(int(at.timestamp()))
    signed = hmac.new(key, b".".join((id.encode(), stamp.encode(), body)), sha256).digest()
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{b64encode(signed).decode()}",
    }
