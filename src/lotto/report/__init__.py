"""How the house is, in figures and in words: the one place that counts, for the command line, /metrics and /readyz.

`figures` asks the ledger and the queue and changes nothing; `verdict` says what of it needs a person, and is pure.
"""
