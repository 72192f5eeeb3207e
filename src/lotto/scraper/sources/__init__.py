"""The shelf of sources: one flat file each, found by being here. The contract is `source.py`."""
