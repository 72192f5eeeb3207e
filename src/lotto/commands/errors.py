"""What a command may fail with: errors whose message is a sentence for whoever runs it."""

import psycopg
from psycopg_pool import PoolTimeout

from lotto.accounts import AccountError
from lotto.backup import BadArchive
from lotto.captures import BadCapture
from lotto.catalogue import BadFile
from lotto.door import DoorError
from lotto.draws.ruling import Unfit
from lotto.engines import EngineError
from lotto.keyfile import KeyFileError
from lotto.ledger.connection import LedgerError
from lotto.lines.errors import BadExport
from lotto.place import NobodyHome
from lotto.scraper.cases import BadCases
from lotto.scraper.sources.source import SourceError
from lotto.seal import SealError
from lotto.serving import PortTaken
from lotto.settings import BadSetting
from lotto.shelf import BadShelf
from lotto.store import StoreError
from lotto.streams.unreachable import Unreachable
from lotto.web.assets import NotBuilt

SPEAKABLE = (
    AccountError,
    BadArchive,
    BadCapture,
    BadCases,
    BadExport,
    BadSetting,
    BadFile,
    BadShelf,
    DoorError,
    EngineError,
    KeyFileError,
    LedgerError,
    NobodyHome,
    NotBuilt,
    PortTaken,
    PoolTimeout,
    SealError,
    SourceError,
    StoreError,
    Unfit,
    Unreachable,
    psycopg.OperationalError,
)
"""Errors whose message is a sentence for whoever runs the command."""
