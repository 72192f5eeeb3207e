"""A sentence that others had a hand in, made fit to be shown: it steers no terminal, header or direction of writing."""

LONGEST = 500
"""Characters of one sentence."""


def clean(text: str) -> str:
    """The text on one line, without what does not print, and not without end."""
    line = " ".join(text.split())
    line = "".join(sign for sign in line if sign.isprintable())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
