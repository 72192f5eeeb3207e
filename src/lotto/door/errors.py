"""How the door fails. What matters to a caller is whether the request can have arrived."""


class DoorError(Exception):
    """Nothing usable came back; the message is a sentence for the operator, without query, headers or credentials."""


class Refused(DoorError):
    """A rule of ours forbids this request. Asking again changes nothing."""


class Disallowed(Refused):
    """The host's robots.txt asks programs not to fetch this page."""


class NotSent(DoorError):
    """Surely nothing of the request reached the server: no such name, no connection, no TLS. Safe to send again."""


class Shut(NotSent):
    """The host's robots.txt could not be read just now, so the page was not asked for. Ask later."""


class Unclear(DoorError):
    """The request may have arrived, but no whole answer came back. Never send it again blindly."""
