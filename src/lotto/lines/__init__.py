"""Draws as lines of a file: CSV, JSON Lines and Parquet, as `lotto export` and the API write them."""
