"""The database room: the only truth. Every statement of SQL in Lotto is written here.

`record` is the only pen for observations and results; the other files are one noun each.
"""
