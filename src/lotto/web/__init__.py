"""The site people see: pages and fragments made out of the API, readable without a script; no ledger here."""
