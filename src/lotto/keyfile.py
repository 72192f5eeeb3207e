"""Key files: 32 random bytes in base64, private to their owner, outside the database."""

import os
import stat
from base64 import b64decode, b64encode
from pathlib import Path

BYTES = 32


class KeyFileError(Exception):
    """A key file cannot be used; the message is a sentence without the key."""


def read(file: Path, otherwise: str) -> bytes:
    """The key in that file, which must be nobody's but its owner's; `otherwise` says what makes one."""
    try:
        with file.open("rb") as opened:
            if stat.S_IMODE(os.fstat(opened.fileno()).st_mode) & 0o077:
                raise KeyFileError(f"Others can read the key file {file}: make it private with chmod 600.")
            key = b64decode(opened.read(1000), validate=False)
    except FileNotFoundError:
        raise KeyFileError(f"There is no key file {file}: {otherwise}.") from None
    except (OSError, ValueError) as error:
        raise KeyFileError(f"The key file {file} cannot be read: {error}.") from error
    if len(key) != BYTES:
        raise KeyFileError(f"The key file {file} holds no key of {BYTES} bytes in base64: put the right one back.")
    return key


def made(file: Path) -> bytes:
    """The key in that file, which is made if it is not there."""
    # Complete before it has its name: whoever comes at the same time finds a whole key, and only one.
    half = file.with_name(f".{file.name}.{os.urandom(4).hex()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(half, "wb", opener=lambda path, flags: os.open(path, flags | os.O_EXCL, 0o600)) as new:
            new.write(b64encode(os.urandom(BYTES)) + b"\n")
            new.flush()
            os.fsync(new.fileno())
        os.link(half, file)
    except FileExistsError:
        pass
    except OSError as error:
        raise KeyFileError(f"The key file {file} cannot be made: {error.strerror}.") from error
    finally:
        half.unlink(missing_ok=True)
    return read(file, "it was there a moment ago")
