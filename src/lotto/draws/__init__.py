"""The plain domain: what a lottery is, what a draw is, and when we hold one true. Standard library only."""
