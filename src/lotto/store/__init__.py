"""The object room: cards and raw pages, written once under an address, in a folder or any S3."""

from lotto.store.errors import BadKey, NotInStore, StoreError
from lotto.store.key import address
from lotto.store.store import Store

__all__ = ["BadKey", "NotInStore", "Store", "StoreError", "address"]
