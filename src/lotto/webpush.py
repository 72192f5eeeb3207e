"""Web push's encryption (RFC 8291 over RFC 8188): a message that only the browser it is for can read."""

import os
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD = 4_096
"""Bytes of the one record; no push service need take more."""

LONGEST = 3_993
"""Bytes of a message that fits it."""

_SALT, _TAG = 16, 16


class BadKeys(ValueError):
    """A subscription's keys are none."""


def encrypt(message: bytes, p256dh: str, auth: str) -> bytes:
    """The body of a push message; `p256dh` and `auth` are the subscription's, in base64url. Raises BadKeys."""
    theirs, secret = keys(p256dh, auth)
    point = theirs.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    own = ec.generate_private_key(ec.SECP256R1())
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), theirs)
    ikm = _derived(32, secret, b"WebPush: info\0" + point + ours, shared)
    salt = os.urandom(_SALT)
    key = _derived(16, salt, b"Content-Encoding: aes128gcm\0", ikm)
    nonce = _derived(12, salt, b"Content-Encoding: nonce\0", ikm)
    sealed = AESGCM(key).encrypt(nonce, message + b"\x02", None)
    return salt + RECORD.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def keys(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """A subscription's point and secret; raises BadKeys where they are none."""
    try:
        point, secret = _raw(p256dh), _raw(auth)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadKeys("p256dh is no point of P-256 in base64url") from None
    if len(secret) != _TAG:
        raise BadKeys("auth is not 16 bytes in base64url")
    return theirs, secret


def _derived(length: int, salt: bytes, info: bytes, ikm: bytes) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(ikm)


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
