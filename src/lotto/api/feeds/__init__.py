"""Feeds: the newest results of a scope for readers who come again and again; written as Atom, RSS or JSON Feed."""
