"""The relay carries what the ledger has left to say onto the streams, and says again what the streams have lost."""
