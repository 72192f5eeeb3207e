"""The API's addresses, one noun per file."""
