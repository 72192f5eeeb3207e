"""Compression: zstd, brotli or gzip, whichever the reader takes first in that order. Live events are never held up."""

from functools import partial

from starlette_compress import CompressMiddleware, remove_compress_type

# Each event is to leave at once, and is small.
remove_compress_type("text/event-stream")

Compressed = partial(CompressMiddleware, minimum_size=500)
"""Wraps an app: bodies of text from so many bytes on are compressed as Accept-Encoding allows; all say Vary."""
