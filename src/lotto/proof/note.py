"""Signed notes: a text and an Ed25519 signature of it that anyone can check (https://c2sp.org/signed-note)."""

import hashlib
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lotto import keyfile

NAME = "lotto"
"""The key's name in a note."""

ED25519 = b"\x01"
"""The standard's mark of the kind of signature."""


class BadNote(ValueError):
    """It is no note, or none that this key signed; the message says why."""


class BadKey(ValueError):
    """It is no public key as notes write it; the message says so."""


@dataclass(frozen=True)
class Verifier:
    """A public key, written `lotto+<hash>+<key>`: checks notes."""

    key: bytes

    def __post_init__(self) -> None:
        if len(self.key) != keyfile.BYTES:
            raise BadKey(f"A public key has {keyfile.BYTES} bytes.")

    def __str__(self) -> str:
        return f"{NAME}+{self.id.hex()}+{b64encode(ED25519 + self.key).decode()}"

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return hashlib.sha256(NAME.encode() + b"\n" + ED25519 + self.key).digest()[:4]

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key so written; raises BadKey."""
        try:
            encoded = text.strip().split("+", 2)[-1]
            found = cls(b64decode(encoded, validate=True).removeprefix(ED25519))
        except ValueError:
            found = None
        if found is None or text.strip() != str(found):
            raise BadKey(f"“{text.strip()[:100]}” is no public key; it is written like {NAME}+1a2b3c4d+AbCd….")
        return found

    def opened(self, note: bytes) -> str:
        """The text of a note that this key signed; raises BadNote."""
        try:
            text, _, signatures = note.decode().rpartition("\n\n")
        except UnicodeDecodeError:
            raise BadNote("It is not text.") from None
        text += "\n"
        for line in signatures.splitlines():
            dash, name, encoded = (*line.split(" "), "", "", "")[:3]
            try:
                signature = b64decode(encoded, validate=True)
            except ValueError:
                continue
            if (dash, name, signature[:4]) == ("—", NAME, self.id):
                try:
                    Ed25519PublicKey.from_public_bytes(self.key).verify(signature[4:], text.encode())
                except InvalidSignature:
                    raise BadNote("Its text is not what was signed.") from None
                return text
        raise BadNote(f"It is not signed with the key {self}.")


class Signer:
    """A private key: signs notes."""

    def __init__(self, key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(key)
        self.verifier = Verifier(self._key.public_key().public_bytes_raw())

    @classmethod
    def read(cls, file: Path) -> Self:
        """The signer of a key file; raises KeyFileError."""
        return cls(keyfile.read(file, "a scraper makes one"))

    @classmethod
    def made(cls, file: Path) -> Self:
        """The signer of a key file, which is made if it is not there; raises KeyFileError."""
        return cls(keyfile.made(file))

    def signed(self, text: str) -> bytes:
        """The text, which ends with a line feed, as a note."""
        signature = b64encode(self.verifier.id + self._key.sign(text.encode())).decode()
        return f"{text}\n— {NAME} {signature}\n".encode()
