"""Dialects: how several networks of one house speak, or how several houses do one thing."""
