"""The rules of real networks, one flat file each, for practice where no real server can run; see `rules.py`."""
