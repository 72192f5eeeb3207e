"""The API's reads for programs that speak the Model Context Protocol; only this room needs the extra `lotto[mcp]`."""
