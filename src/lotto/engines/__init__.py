"""Embedded engines: the PostgreSQL and Valkey that production uses, as children of one process on one machine.

`Engines(directory)` is all that others need, and `joined(directory)` for who looks at engines that another process
keeps; what they can refuse with is here too.
"""

from lotto.engines.errors import DirectoryInUse, DirectoryUnfit, EngineDied, EngineError, EngineMissing
from lotto.engines.joined import Joined, joined
from lotto.engines.supervisor import Engines

__all__ = [
    "DirectoryInUse",
    "DirectoryUnfit",
    "EngineDied",
    "EngineError",
    "EngineMissing",
    "Engines",
    "Joined",
    "joined",
]
