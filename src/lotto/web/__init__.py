"""The site people see: pages and fragments made out of the API, readable without a script; no ledger here."""

from lotto.web.app import create_app

__all__ = ["create_app"]
