"""The door: the only way out to the internet, for pages (`get`), posts (`send`), websockets, and what is
not HTTP (`connect`, `plug`).

Only public addresses and what the operator allow-listed; every name is resolved once for a connection and the checked
address is the one connected to; sizes, times and pace are bounded; every error is a sentence without a secret in it.
"""

from lotto.door.answer import Answer
from lotto.door.door import Door
from lotto.door.errors import Disallowed, DoorError, NotSent, Refused, Shut, Unclear
from lotto.door.guard import Resolver
from lotto.door.limits import Limits
from lotto.door.websocket import Websocket

__all__ = [
    "Answer",
    "Disallowed",
    "Door",
    "DoorError",
    "Limits",
    "NotSent",
    "Refused",
    "Resolver",
    "Shut",
    "Unclear",
    "Websocket",
]
