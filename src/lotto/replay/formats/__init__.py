"""How each source writes what it knows: one file a source, in the very format of its real answers."""
