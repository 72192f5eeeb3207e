"""A lottery world to practise on: known draws, told in the very formats of real sources, on a clock that jumps."""
