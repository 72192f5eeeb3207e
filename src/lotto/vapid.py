"""VAPID (RFC 8292): by this key push services know who sends; browsers are told its public half when they subscribe."""

from base64 import urlsafe_b64encode
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from lotto import keyfile

LASTS = timedelta(hours=12)
"""Of a token: RFC 8292 allows a day at the most."""

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the group of P-256."""


class Vapid:
    """The key of a site."""

    def __init__(self, secret: bytes) -> None:
        number = int.from_bytes(secret) % (_ORDER - 1) + 1
        self._key = ec.derive_private_key(number, ec.SECP256R1())

    @classmethod
    def read(cls, file: Path) -> Self:
        """The key of that file; raises KeyFileError."""
        return cls(keyfile.read(file, "a publisher with an account of the network webpush makes one"))

    @classmethod
    def made(cls, file: Path) -> Self:
        """The key of that file, which is made if it is not there; raises KeyFileError."""
        return cls(keyfile.made(file))

    @property
    def public(self) -> str:
        """What a browser is given as `applicationServerKey`: the point, uncompressed, in base64url."""
        return text(self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def authorization(self, endpoint: str, contact: str, now: datetime) -> str:
        """The header for a message to that endpoint; `contact` is who answers for it, `mailto:…` or `https://…`."""
        parts = urlsplit(endpoint)
        claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + LASTS).timestamp()), "sub": contact}
        said = f"{_part({'typ': 'JWT', 'alg': 'ES256'})}.{_part(claims)}"
        r, s = decode_dss_signature(self._key.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        return f"vapid t={said}.{text(r.to_bytes(32) + s.to_bytes(32))}, k={self.public}"


def text(raw: bytes) -> str:
    """Bytes in base64url, without the padding."""
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _part(claims: dict[str, object]) -> str:
    return text(msgspec.json.encode(claims))
