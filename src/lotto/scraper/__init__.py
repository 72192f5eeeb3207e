"""The scraper asks sources when a draw is due, reads them, weighs them and writes the ledger."""
