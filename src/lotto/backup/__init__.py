"""The backup room: one moment of the ledger as one file, and a new ledger out of it."""

from lotto.backup.archive import BadArchive
from lotto.backup.load import Loaded, load
from lotto.backup.save import save

__all__ = ["BadArchive", "Loaded", "load", "save"]
