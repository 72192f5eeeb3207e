"""Text from outside, as PostgreSQL can keep it."""


def storable(anything: str) -> str:
    """The text without what PostgreSQL does not know as text: NUL, and the half of a surrogate pair."""
    return anything.replace("\0", "\N{REPLACEMENT CHARACTER}").encode(errors="replace").decode()
