"""A simulated time: lotteries of the catalogue, what was really drawn, and sources that tell it with faults.

All of it follows from a seed. The truth is made here, by the lotteries' own pools and calendars; who checks it reads
the ledger and this truth, and never the verdict's code.
"""
