"""The proof: what our key has signed of the ledger, so that whoever cuts or rewrites it cannot hide it."""
