"""The key that results are signed with, its public half."""

from typing import Literal

from pydantic import Field

from lotto.api.schemas.schema import Schema


class Jwk(Schema):
    """A key as JSON Web Key (RFC 8037)."""

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    x: str = Field(description="the key's 32 bytes, base64url without padding")


class SigningKey(Schema):
    """The public half of a key that signs results and checkpoints."""

    verifier: str = Field(description="as signed notes write it (https://c2sp.org/signed-note): `name+hash+key`")
    jwk: Jwk
