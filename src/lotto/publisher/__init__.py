"""The publisher hears that pictures are ready and posts them, once to each account."""
