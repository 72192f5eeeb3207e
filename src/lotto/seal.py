"""The seal on credentials: encrypted with a key that lies in a file, not in the database.

AES-256-GCM (NIST SP 800-38D) with the account's name as associated data: what was sealed for one account opens for no
other, and what was changed opens not at all.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lotto import keyfile

_VERSION = b"\x01"
_NONCE = 12


class SealError(Exception):
    """Credentials cannot be opened; the message is a sentence without any of them."""


class Seal:
    """Seals and opens with the key of that file."""

    def __init__(self, file: Path, key: bytes) -> None:
        self._file = file
        self._cipher = AESGCM(key)

    @classmethod
    def read(cls, file: Path) -> Self:
        """The seal of a key file; raises KeyFileError."""
        return cls(file, keyfile.read(file, "`lotto account add` makes one"))

    @classmethod
    def made(cls, file: Path) -> Self:
        """The seal of a key file, which is made if it is not there; raises KeyFileError."""
        return cls(file, keyfile.made(file))

    def close(self, account: str, secrets: Mapping[str, str]) -> bytes:
        """The credentials of that account, sealed."""
        nonce = os.urandom(_NONCE)
        return (
            _VERSION
            + nonce
            + self._cipher.encrypt(nonce, json.dumps(dict(secrets)).encode(), _VERSION + account.encode())
        )

    def open(self, account: str, sealed: bytes) -> dict[str, str]:
        """The credentials of that account; raises SealError where they were sealed otherwise."""
        version, nonce, rest = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            opened: dict[str, str] = json.loads(self._cipher.decrypt(nonce, rest, version + account.encode()))
        except (InvalidTag, ValueError):
            raise SealError(
                f"The credentials of {account} were not sealed with the key in {self._file}: put the right file back, "
                f"or give them again with `lotto account add {account}`."
            ) from None
        return opened
