"""What can go wrong with an engine; each message is a sentence for the person who started Lotto."""


class EngineError(Exception):
    """An engine cannot be had; says why and what to do."""


class EngineMissing(EngineError):
    """Its wheel is not installed, or holds no server for this machine."""


class EngineDied(EngineError):
    """Its process has ended by itself, or never came to answer."""


class DirectoryInUse(EngineError):
    """Another process keeps engines in this directory."""


class DirectoryUnfit(EngineError):
    """The engines cannot live in this directory: not theirs, not reachable, or made by another version."""
