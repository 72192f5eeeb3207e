"""The signature on the address of a card: only what somebody with this house's key asked for is drawn.

HMAC-SHA-256 (RFC 2104) of the address, with a key of its own made of the one that lies in the secret key's file. An
address is good for ever: it asks for one card, however often.
"""

import hmac
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Self

from lotto import keyfile

OWN = b"addresses of cards"
LENGTH = 22
"""Characters, six bits each: 132 bits."""


class Signature:
    """Signs and checks with the key of that file."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, OWN, "sha256")

    @classmethod
    def read(cls, file: Path) -> Self:
        """The signature of a key file; raises KeyFileError."""
        return cls(keyfile.read(file, "`lotto cards address` makes one"))

    @classmethod
    def made(cls, file: Path) -> Self:
        """The signature of a key file, which is made if it is not there; raises KeyFileError."""
        return cls(keyfile.made(file))

    def of(self, address: str) -> str:
        """The signature of an address: letters, digits, `-` and `_`."""
        mark = hmac.digest(self._key, address.encode(), "sha256")
        return urlsafe_b64encode(mark).decode()[:LENGTH]

    def path(self, address: str) -> str:
        """Where the card of that address is served."""
        return f"cards/asked/{self.of(address)}/{address}"

    def holds(self, address: str, mark: str) -> bool:
        """Whether that is its signature."""
        return hmac.compare_digest(self.of(address).encode(), mark.encode())
