"""The signature of a webhook, as Standard Webhooks writes it: HMAC-SHA256 over id, timestamp and body."""

import binascii
import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"
LEAST = 24
MOST = 64
"""Bytes of a secret, as Standard Webhooks recommends them."""


def made() -> str:
    """A secret that nobody has."""
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()


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


def headers(keys: Sequence[bytes], id: str, at: datetime, body: bytes) -> dict[str, str]:  # noqa: A002 - the standard's word
    """The three headers of this message, sent at that instant and signed with each of these keys.

    Whoever holds one of them takes it: so a secret is changed without a message that is refused.
    """
    stamp = str(int(at.timestamp()))
    message = b".".join((id.encode(), stamp.encode(), body))
    signed = [b64encode(hmac.new(one, message, sha256).digest()).decode() for one in keys]
    return {
        "webhook-id": id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signed),
    }
