"""Becomes an engine: steps down from root, ties its life to its parent's, and executes the server.

Run by its path as `python -I -S launch.py PARENT UID GID SIGNAL SERVER ARGUMENT...`, never imported. It does what
`preexec_fn` would do between fork and exec, which is not safe in a process that has threads, and ours has.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
"""Of Linux' prctl(2): the signal to get when the parent's thread that made us ends. Elsewhere there is none."""


def become(parent: int, uid: int, gid: int, signal: int, command: list[str]) -> None:
    """Turn this process into `command`, which ends with `signal` when its parent does."""
    # Loaded while still root: the account may not be able to enter the place where Python is installed.
    system = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.umask(0o077)
    # Asked for after the ids change, which would clear it.
    if sys.platform == "linux" and system.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) was refused")
    if os.getppid() != parent:
        sys.exit(f"The parent {parent} is gone already.")
    os.execv(command[0], command)  # noqa: S606 - no shell on purpose


if __name__ == "__main__":
    parent_, uid_, gid_, signal_ = map(int, sys.argv[1:5])
    become(parent_, uid_, gid_, signal_, sys.argv[5:])
