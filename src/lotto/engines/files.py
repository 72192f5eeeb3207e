"""Opening files of our own in the data directory, which root may share with less trusted accounts."""

import os
import secrets
from pathlib import Path


def open_private(path: Path, flags: int) -> int:
    """A descriptor of a file, made if absent, that only the owner of its folder may read; links are not followed."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        folder = path.parent.stat()
        os.fchown(descriptor, folder.st_uid, folder.st_gid)
    return descriptor


def password(path: Path) -> str:
    """The password kept in this file; a new random one the first time."""
    with os.fdopen(open_private(path, os.O_RDWR), "r+") as file:
        kept = file.read().strip()
        if not kept:
            kept = secrets.token_hex(32)
            file.write(kept + "\n")
            file.flush()
            os.fsync(file.fileno())
    return kept
