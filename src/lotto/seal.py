"""The seal on secrets: encrypted with a key that lies in a file, not in the database.

AES-256-GCM (NIST SP 800-38D) with the name of whose they are as associated data: what was sealed for one account or
webhook opens for no other, and what was changed opens not at all.
"""

import hmac
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lotto import keyfile

_VERSION = b"\x01"
_NONCE = 12


class SealError(Exception):
    """Secrets cannot be opened; the message is a sentence without any of them."""


class Seal:
    """Seals and opens with the key of that file."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._cipher = AESGCM(key)
        self._marks = HKDF(hashes.SHA256(), 32, None, b"lotto marks").derive(key)

    @classmethod
    def read(cls, file: Path) -> Self:
        """The seal of a key file; raises KeyFileError."""
        return cls(file, keyfile.read(file, "`lotto account add` and a publisher that starts make one"))

    @classmethod
    def made(cls, file: Path) -> Self:
        """The seal of a key file, which is made if it is not there; raises KeyFileError."""
        return cls(file, keyfile.made(file))

    def close(self, whose: str, secrets: Mapping[str, str]) -> bytes:
        """The secrets of that account or webhook, sealed."""
        nonce = os.urandom(_NONCE)
        return (
            _VERSION
            + nonce
            + self._cipher.encrypt(nonce, json.dumps(dict(secrets)).encode(), _VERSION + whose.encode())
        )

    def mark(self, whose: str, text: str) -> bytes:
        """What that text of that account or webhook is known by: the same each time, and nothing without the key."""
        return hmac.digest(self._marks, f"{whose}\0{text}".encode(), "sha256")

    def open(self, whose: str, sealed: bytes, otherwise: str) -> dict[str, str]:
        """The secrets of that account or webhook; raises SealError where they were sealed otherwise, which says what
        to do but to put the right key back."""
        version, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            opened: dict[str, str] = json.loads(self._cipher.decrypt(nonce, rest, version + whose.encode()))
        except (InvalidTag, ValueError):
            raise SealError(
                f"The credentials of {whose} were not sealed with the key in {self._file}: put the right file back, "
                f"or {otherwise}."
            ) from None
        return opened
