"""`python -m lotto`: the same as `lotto`."""

from lotto.cli import main

main()
