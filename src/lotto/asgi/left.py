"""Readers who leave: before the end, or since they have all that they need."""

from starlette.requests import ClientDisconnect


class Served(OSError):
    """The reader has all that he needs: raised where more is sent, as if he had left."""


LEFT = (Served, ClientDisconnect)
"""What is raised when there is nobody to send to any more: no failure of ours."""
