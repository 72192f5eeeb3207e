"""What an operator does with accounts: give them credentials, see how they stand, try them, rest and wake them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from lotto.house import House
from lotto.keyfile import KeyFileError
from lotto.ledger import accounts
from lotto.ledger.connection import Environment
from lotto.publisher.accounts_file import Entry
from lotto.publisher.networks.network import Refused, TryLater, Unknown
from lotto.seal import Seal, SealError
from lotto.settings import BadSetting


class AccountError(Exception):
    """An account cannot do what is asked; the message is a sentence for the operator."""


@dataclass(frozen=True)
class Line:
    """An account as a list shows it."""

    name: str
    network: str
    lacks: str
    """What somebody must do before it can post; empty when it can."""
    resting: str
    ends: datetime | None
    """When its credentials end, by its network's word."""


async def add(house: House, entry: Entry, secrets: Mapping[str, str]) -> str:
    """Keeps the account's credentials, sealed, and says how the network took them.

    What the network refuses is not kept: AccountError. A network that cannot be reached just now is no reason.
    """
    if not entry.network.credentials:
        raise AccountError(f"The account {entry.name} needs no credentials: {entry.network.name} asks for none.")
    if missing := entry.missing(secrets):
        raise AccountError(f"The account {entry.name} needs its {' and its '.join(missing)}.")
    async with house.look("account") as ledger:
        try:
            said = await _checked(house, entry, secrets, ledger.environment)
        except (TryLater, Unknown) as error:
            said = f"Whether they work could not be asked: {error} `lotto account test {entry.name}` asks again."
        sealed = Seal.made(house.settings.secret_key).close(entry.name, secrets)
        async with ledger.reading() as conn:
            await accounts.keep_credentials(conn, entry.name, entry.network.name, sealed)
    return said


async def test(house: House, entry: Entry) -> str:
    """Asks the network whether the account's credentials work; posts nothing."""
    async with house.look("account") as ledger:
        async with ledger.reading() as conn:
            secrets = house.accounts.secrets(entry, await accounts.listed(conn))
        if lacks := entry.lacks(secrets):
            raise AccountError(lacks)
        try:
            return await _checked(house, entry, secrets, ledger.environment)
        except (TryLater, Unknown) as error:
            raise AccountError(f"{entry.network.name} gave no answer: {error}") from error


async def listed(house: House) -> list[Line]:
    """Every account of the accounts file, and how it stands."""
    async with house.look("account") as ledger, ledger.reading() as conn:
        known = await accounts.listed(conn)
        return [_line(house, entry, known, ledger.environment) for entry in house.accounts.entries()]


async def rest(house: House, entry: Entry, reason: str) -> None:
    """From now on the account posts nothing, and its posts wait; an empty reason wakes it."""
    async with house.look("account") as ledger, ledger.reading() as conn:
        await accounts.rest(conn, entry.name, entry.network.name, reason)


async def _checked(house: House, entry: Entry, secrets: Mapping[str, str], environment: Environment) -> str:
    house.accounts.admit(entry, environment)
    async with house.networks_door(environment) as door:
        try:
            network = entry.open(secrets, house.accounts.outside(door)).network
            said, ends = await network.check(), await network.expires()
        except Refused as error:
            raise AccountError(f"{entry.network.name} refuses the credentials of {entry.name}: {error}") from error
        except (TryLater, Unknown):
            raise
        except Exception as error:
            server = ", ".join(entry.facts.servers) or "The network"
            raise Unknown(f"{server} answers, but not as {entry.network.name} does: is the address right?") from error
    return f"{said} The credentials end on {ends:%Y-%m-%d}." if ends else said


def _line(house: House, entry: Entry, known: Mapping[str, accounts.Standing], environment: Environment) -> Line:
    try:
        house.accounts.admit(entry, environment)
        lacks = entry.lacks(house.accounts.secrets(entry, known))
    except (BadSetting, KeyFileError, SealError) as error:
        lacks = str(error)
    standing = known.get(entry.name)
    resting, ends = (standing.resting, standing.ends_at) if standing else ("", None)
    return Line(entry.name, entry.network.name, lacks, resting, ends)
