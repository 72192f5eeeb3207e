"""OAPI: the REST API over the ledger. What the world sees is declared in `schemas`; never the tables."""
