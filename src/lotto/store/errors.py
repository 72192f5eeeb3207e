"""How the store fails; every message is a sentence."""


class StoreError(Exception):
    """The store cannot do it now: not reachable, not permitted, full, or its address is wrong."""


class NotInStore(StoreError):
    """There is no object of this key."""


class BadKey(StoreError):
    """The key could mean different things to different stores, or lead out of this one."""
