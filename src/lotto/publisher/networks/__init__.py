"""The shelf of networks: one flat file each, found by being here. The contract is `network.py`."""
