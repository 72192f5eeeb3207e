"""The store: put once, get, and the public address; by URL a folder or a bucket."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, ObjectStore

from lotto.store.bucket import bucket, is_gone, meaning
from lotto.store.errors import NotInStore, StoreError
from lotto.store.folder import Folder
from lotto.store.key import checked, is_key

_PUBLIC = "cards/"
_FOR_EVER = "public, max-age=31536000, immutable"


class Store:
    """Objects by key, each written once and never changed. Made by `open`."""

    def __init__(self, objects: ObjectStore, folder: Folder | None, public: str) -> None:
        self._objects = objects
        self._folder = folder
        self._public = public.rstrip("/")

    @classmethod
    def open(cls, url: str, *, public: str = "") -> Self:
        """The store at `file:///folder` or `s3://bucket/prefix?endpoint=…&region=…`; raises StoreError.

        A missing folder is made. Keys of a bucket come from AWS_* of the environment, never from the URL. `public`
        is the address under which the world sees the store's root: our own, which serves /cards, or the bucket's.
        """
        parts = urlsplit(url)
        if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path.startswith("/"):
            root = Path(unquote(parts.path))
            folder = Folder(root)
            return cls(LocalStore(prefix=root), folder, public)
        if parts.scheme == "s3" and parts.hostname and "@" not in parts.netloc:
            return cls(bucket(parts.netloc, parts.path, parts.query), None, public)
        raise StoreError(
            "The store's URL leads to no store; write it like file:///var/lib/lotto/store or "
            "s3://bucket/prefix?endpoint=https://s3.example."
        )

    async def put(self, key: str, data: bytes, media: str) -> bool:
        """Writes the object if there is none of this key; True when it did, False when one was there before.

        Never half-written, whatever happens meanwhile. Of racing writers at most one is told True: a bucket whose
        answer was lost on the way and that is asked again says that the object is there. A folder keeps no `media`:
        the key's suffix tells it.
        """
        checked(key)
        with _sentences("write", key):
            if self._folder is not None:
                return await asyncio.to_thread(self._folder.write, key, data)
            try:
                attributes = {"Content-Type": media, "Cache-Control": _FOR_EVER}
                await obstore.put_async(self._objects, key, data, mode="create", attributes=attributes)
            except AlreadyExistsError:
                return False
            return True

    async def get(self, key: str) -> bytes:
        """The object's bytes; raises NotInStore."""
        checked(key)
        with _sentences("read", key):
            found = await obstore.get_async(self._objects, key)
            return bytes(await found.bytes_async())

    async def has(self, key: str) -> bool:
        """There is an object of this key."""
        checked(key)
        try:
            with _sentences("look for", key):
                # Its body is not waited for. A HEAD would do, but for one thing: refused, it has no words to tell
                # a missing object from a missing bucket.
                await obstore.get_async(self._objects, key)
        except NotInStore:
            return False
        return True

    async def list(self, prefix: str = "") -> tuple[str, ...]:
        """The keys below a prefix of whole segments (`cards`, `cards/ab`), or all of them, in order."""
        if prefix:
            checked(prefix)
        with _sentences("list", prefix or "its objects"):
            batches = obstore.list(self._objects, prefix or None)
            return tuple(sorted([one["path"] async for batch in batches for one in batch if is_key(one["path"])]))

    async def delete(self, key: str) -> None:
        """Removes the object, if there is one."""
        checked(key)
        try:
            with _sentences("delete", key):
                await obstore.delete_async(self._objects, key)
        except NotInStore:
            return

    def public_url(self, key: str) -> str:
        """Where the world sees a card: `/cards/…` below the public address. Raw pages are not public: StoreError."""
        if not checked(key).startswith(_PUBLIC):
            raise StoreError(f"{key} has no public address: only cards have.")
        return f"{self._public}/{key}"


@contextmanager
def _sentences(doing: str, key: str) -> Iterator[None]:
    """Turns what goes wrong below into one sentence about the object."""
    try:
        yield
    except FileNotFoundError as error:
        if is_gone(error):
            raise StoreError(f"The store could not {doing} {key}: {meaning(error)}.") from error
        raise NotInStore(f"{key} is not in the store.") from error
    except (BaseError, OSError) as error:
        raise StoreError(f"The store could not {doing} {key}: {meaning(error)}.") from error
