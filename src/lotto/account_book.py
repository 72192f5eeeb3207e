"""The accounts a house posts for, as its accounts file tells them, with their credentials from the ledger."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from urllib.parse import urlsplit

from lotto.catalogue import Catalogue
from lotto.door import Door
from lotto.files import standing
from lotto.imaker.look import looks
from lotto.imaker.renderer import FORMATS
from lotto.ledger.accounts import Standing, changes, keep_credentials
from lotto.ledger.accounts import listed as listed_accounts
from lotto.ledger.connection import Environment, Ledger
from lotto.publisher.accounts import Account
from lotto.publisher.accounts_file import Entry, Known
from lotto.publisher.accounts_file import read as read_accounts
from lotto.publisher.networks.network import Outside, Readers
from lotto.publisher.networks.paper import Paper, PaperFacts
from lotto.publisher.template import Templates
from lotto.seal import Seal
from lotto.settings import BadSetting, Settings
from lotto.vapid import Vapid
from lotto.webhooks.address import is_loopback

Clock = Callable[[], datetime]


class AccountBook:
    """Knows every account; opens those that are to post."""

    def __init__(self, settings: Settings, catalogue: Catalogue, clock: Clock) -> None:
        self._settings = settings
        self._catalogue = catalogue
        self._clock = clock

    def entries(self) -> list[Entry]:
        """The accounts this house posts for, as its accounts file tells; without one, a folder of paper.

        Raises BadFile, or BadSetting where the file named is not there.
        """
        file = self._settings.accounts
        if file is None:
            return [Entry("paper", Paper, PaperFacts(network="paper"))]
        if not file.is_file():
            raise BadSetting(f"LOTTO_ACCOUNTS_FILE names {file}, and there is no such file.")
        known = Known(FORMATS, looks(self._settings.card_looks_dir), Templates(self._settings.post_templates))
        return read_accounts(file, self._catalogue, known)

    def entry(self, name: str) -> Entry:
        """The account of that name; raises BadSetting when there is none."""
        entries = {entry.name: entry for entry in self.entries()}
        if name not in entries:
            raise BadSetting(
                f"There is no account “{name}” in {self._settings.accounts or 'an accounts file'}; "
                f"there are {', '.join(entries)}. Write it there first."
            )
        return entries[name]

    def admit(self, entry: Entry, environment: Environment) -> None:
        """Raises BadSetting where such an account may not post what a ledger of that mark holds."""
        for server in entry.facts.servers:
            host = urlsplit(server).hostname or ""
            if environment == "practice" and not is_loopback(host):
                raise BadSetting(
                    f"The account {entry.name} is at {host}, and this is a practice ledger: what it holds never "
                    "happened. It is told to servers of this machine only (127.0.0.1, localhost)."
                )
        images = entry.network.images
        if images and images.by_address and environment == "live" and self._settings.public_url is None:
            raise BadSetting(
                f"LOTTO_PUBLIC_URL is not set, and {entry.network.name} (account {entry.name}) shows pictures by their "
                "public address."
            )

    def outside(self, door: Door, theirs: Door | None = None, readers: Readers | None = None) -> Outside:
        """What a network may use; `theirs` is the way to addresses that strangers name."""
        vapid = cache(lambda: Vapid.made(self._settings.push_key))
        return Outside(door, self._settings.data_dir, self._settings.address, self._clock, readers, theirs, vapid)

    def open(self, entries: Sequence[Entry], known: Mapping[str, Standing], outside: Outside) -> list[Account]:
        """These accounts at work, with their credentials from the ledger; raises KeyFileError and SealError."""
        return [entry.open(self.secrets(entry, known), outside) for entry in entries]

    async def position(self, ledger: Ledger) -> object:
        """What changes whenever accounts file, templates or credentials do."""
        files = [self._settings.accounts, *sorted(self._settings.post_templates.glob("*"))]
        async with ledger.reading() as conn:
            return standing(files), await changes(conn)

    def secrets(self, entry: Entry, known: Mapping[str, Standing]) -> dict[str, str]:
        """The account's credentials, opened; empty when it has none. Raises KeyFileError and SealError."""
        sealed = known[entry.name].credentials if entry.name in known else None
        if not sealed:
            return {}
        again = f"give them again with `lotto account add {entry.name}`"
        return Seal.read(self._settings.secret_key).open(entry.name, sealed, again)

    async def keep_renewed(self, ledger: Ledger, name: str, network: str, new: Mapping[str, str]) -> None:
        """Keeps credentials that a network gave us in the place of those that end."""
        async with ledger.transaction() as conn:
            secrets = self.secrets(self.entry(name), await listed_accounts(conn)) | dict(new)
            await keep_credentials(conn, name, network, Seal.read(self._settings.secret_key).close(name, secrets))
