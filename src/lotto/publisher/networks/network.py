"""The contract of a network: declared limits, and how to post there, look back, edit and remove.

Only TryLater (SlowDown), Refused (Barred) and Unknown may leave a network; anything else is taken as Unknown.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

from msgspec import Struct

from lotto.door import Door
from lotto.events import Card
from lotto.publisher.timing import Rate
from lotto.vapid import Vapid


class Guard(StrEnum):
    """How a repeated post is prevented at a network."""

    KEY = "key"
    """The network itself takes our key, so sending again is harmless."""
    LOOK_BACK = "look_back"
    """We can see whether it stands there."""
    NONE = "none"
    """Neither: what is in doubt waits for a person."""


@dataclass(frozen=True)
class Images:
    """Which pictures a network takes."""

    bytes: int
    """The most one picture may have."""
    media: frozenset[str] = frozenset({"image/png", "image/jpeg", "image/webp"})
    by_address: bool = False
    """It is not given the picture but its public address, and whoever reads fetches it from us."""


@dataclass(frozen=True)
class Sheet:
    """What is to be posted: text, and a picture with its words for those who do not see it.

    Every try of one post is given the same sheet, but for the picture's bytes, which the store may have lost.
    """

    key: str
    """Ours, the same for every try of one post."""
    text: str
    image: bytes | None = None
    """The picture itself, of networks that take the bytes."""
    media: str = ""
    alt: str = ""
    lang: str = "en"
    card: Card | None = None
    """What is known of the picture, whether or not its bytes are here."""
    card_url: str = ""
    """The picture's public address."""
    planned_at: datetime = field(kw_only=True)
    """When the post was planned, kept with it: the time of a post whose network makes it part of its identity."""
    since: datetime = field(kw_only=True)
    """Before that instant it cannot stand anywhere, whatever became of the ledger that planned it first."""
    answers: str = field(default="", kw_only=True)
    """Where the post stands that a follow-up answers, for networks that look there; empty for any other post."""
    further: Sequence["Sheet"] = field(default=(), kw_only=True)
    """The same post with each of the pictures behind the first one, as many as its network shows in one."""

    @property
    def pictures(self) -> Sequence[tuple["Sheet", bytes]]:
        """Every picture whose bytes are here, with the sheet that tells of it."""
        return [(one, one.image) for one in (self, *self.further) if one.image is not None]

    @property
    def file(self) -> str:
        """A name for the picture's file."""
        return f"{self.key}.{self.media.rpartition('/')[2]}"


@dataclass(frozen=True)
class Posted:
    """Where a post stands at the network."""

    remote_id: str
    url: str | None = None


class TryLater(Exception):
    """The network surely took nothing; it may be asked again after `seconds`."""

    def __init__(self, why: str, seconds: float) -> None:
        super().__init__(why)
        self.seconds = seconds


class SlowDown(TryLater):
    """The network asks the account to slow down: until then none of its posts is offered."""


class Refused(Exception):
    """The network will not take this; a sentence says why."""


class OutOfSight(Refused):
    """A post in doubt is not among the newest, and no further is looked: whether it stands is for a person to see."""

    def __init__(self, newest: int) -> None:
        super().__init__(
            f"It is not among the newest {newest:,} there, and older ones are not looked at: a person must look."
        )


class Barred(Refused):
    """The network does not let us in: no post of this account goes out until somebody does what the sentence says."""


class Unknown(Exception):
    """Nobody can say whether it stands there."""


class Readers(Protocol):
    """The people who asked an account to tell them: a post is left for each who wants it, once."""

    async def hand_over(self, key: str) -> None:
        """Leaves the post of that key for them; a second time nothing is added. Raises TryLater."""


@dataclass(frozen=True)
class Outside:
    """What a network may use: the way out, a folder of this machine, the address of our site, and the time; and of the
    networks that tell people one by one, those people, the way to addresses that they name, and our key to push."""

    door: Door
    folder: Path
    site: str
    clock: Callable[[], datetime]
    readers: Readers | None = None
    theirs: Door | None = None
    vapid: Callable[[], Vapid] | None = None


class Facts(Struct, forbid_unknown_fields=True, kw_only=True):
    """An account's table in the accounts file: its routing here, and in a subclass what its network must know.

    What each key means stands in docs/connect-an-account.md; `lotto.publisher.accounts_file` makes routing of it.
    """

    network: str
    lotteries: list[str] = []
    collections: list[str] = []
    countries: list[str] = []
    statuses: list[str] = []
    minimum_jackpot: dict[str, Decimal] = {}
    lang: str = "en"
    format: str = "og"
    look: str = ""
    template: str = ""
    when: str = "at_once"
    at: str = ""
    zone: str = "UTC"
    quiet: str = ""
    rate: str = ""
    age_limit: str = ""

    @property
    def servers(self) -> Sequence[str]:
        """The addresses it talks to, as URLs."""
        return ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """What cannot be: the key, and a sentence."""
        yield from ()

    def open(self, name: str, secrets: Mapping[str, str], outside: Outside) -> "Network":
        """The network as the account of that name sees it; asks nobody."""
        raise NotImplementedError


class AtServer(Facts, kw_only=True):
    """What stands of an account at one server: whose address is the network's own, unless another is named."""

    server: str

    @property
    def servers(self) -> Sequence[str]:
        return (self.server,)

    def faults(self) -> Iterator[tuple[str, str]]:
        parts = urlsplit(self.server)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            yield "server", f"“{self.server}” is not a server; write it like https://example.org."


class Network:
    """A network as one account sees it. A subclass states its facts; its name is its file's name."""

    name: ClassVar[str]
    guard: Guard
    remembers: ClassVar[timedelta | None] = None
    """How long a network with a key guard knows our keys; what is in doubt for longer is looked for with `find`."""
    ours_alone: ClassVar[bool] = False
    """Its keys are known to our ledger and nobody else, so to one that was restored from a backup they are not."""
    longest: int
    """Of a text, in what `length` counts."""
    images: Images | None = Images(bytes=5_000_000)
    """None: it shows no pictures."""
    carousel: ClassVar[int] = 1
    """So many pictures it shows in one post."""
    pictures_only: ClassVar[bool] = False
    """It takes no post without one, so nothing that is text alone: no digest."""
    rates: Sequence[Rate] = ()
    """How often one account may post there, by the network's published word; all of them hold. Empty where it
    publishes none: then it says so itself when we are too fast."""
    alt_text: ClassVar[bool] = False
    """A picture's words have a place of their own there."""
    credentials: ClassVar[Mapping[str, str]] = {}
    """What an account must know to get in: a name, and a sentence that tells a person where to find it."""
    optional: ClassVar[Collection[str]] = ()
    """Which of these it may do without."""
    edits: ClassVar[bool] = False
    lag: float = 0.0
    """Seconds until a new post shows when looking back, at the most."""
    facts: ClassVar[type[Facts]] = Facts
    """What stands of it in the accounts file."""

    @property
    def looks(self) -> bool:
        """Whether it can look back."""
        return type(self).find is not Network.find

    @property
    def removes(self) -> bool:
        """Whether it can take a post away."""
        return type(self).remove is not Network.remove

    def __init_subclass__(cls) -> None:
        if "name" not in cls.__dict__:
            cls.name = cls.__module__.rpartition(".")[2]

    @classmethod
    def length(cls, text: str) -> int:
        """How long the network finds a text: characters, where it does not count otherwise."""
        return len(text)

    async def check(self) -> str:
        """Asks whether the credentials work, posts nothing, and says in a sentence who we are there."""
        raise NotImplementedError

    async def learn(self) -> None:
        """Asks the server for its own limits, where it tells them; until then those declared hold."""

    async def expires(self) -> datetime | None:
        """When the credentials stop working, by the network's word; None where they last, or it does not say."""
        return None

    async def renew(self) -> Mapping[str, str]:
        """New credentials in the place of those that end; none where only a person can get them.

        Those of before are good until their end: what is lost on the way to the ledger is asked for again.
        """
        return {}

    async def post(self, sheet: Sheet) -> Posted:
        """Publishes it and says where it stands."""
        raise NotImplementedError

    async def find(self, sheet: Sheet) -> Posted | None:
        """Looks whether it stands there; of networks with a look-back guard, or with keys that are forgotten."""
        raise NotImplementedError

    async def edit(self, remote_id: str, sheet: Sheet) -> Posted:
        """Puts it in the place of an earlier post; of networks that edit."""
        raise NotImplementedError

    async def follow_up(self, remote_id: str, sheet: Sheet) -> Posted:
        """Publishes it as an answer to an earlier post."""
        raise NotImplementedError

    async def remove(self, remote_id: str, sheet: Sheet) -> Posted:
        """Takes an earlier post away; the sheet's key and time are the removal's own.

        What is gone already counts as taken away: a removal in doubt is asked for again.
        """
        raise NotImplementedError
