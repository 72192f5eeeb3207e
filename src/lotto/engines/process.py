"""Processes: the one we start, and the one that a dead parent may have left behind."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from lotto.engines.account import Account
from lotto.engines.log import Log

LAUNCHER = Path(__file__).with_name("launch.py")
PROCESSES = Path("/proc")
"""Linux tells about processes here; other systems by `ps`."""

Farewell = tuple[tuple[signal.Signals, float], ...]
"""Signals to end a process with, gentle ones first, and the seconds it has after each; SIGKILL follows."""


def spawn(
    command: list[str], account: Account, home: Path, log: Log, dies_with: signal.Signals, words: str = ""
) -> subprocess.Popen[bytes]:
    """Start a server under the account in a session of its own, with `words` on its standard input.

    When the calling thread ends, however that comes, the kernel sends the process `dies_with` (Linux). A session of
    its own keeps Ctrl-C away: we hear it, and stop the engines in order.
    """
    ids = [str(number) for number in (os.getpid(), account.uid, account.gid, int(dies_with))]
    # Nothing of ours leaks in: neither secrets (LOTTO_*), nor what the servers would take as advice (PG*, LC_*).
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    output = log.open()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
            [sys.executable, "-I", "-S", str(LAUNCHER), *ids, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            cwd=home,
            env={**environment, "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
        )
    finally:
        os.close(output)
    assert process.stdin is not None  # noqa: S101 - we asked for a pipe
    # A server that has ended before it could read shows by its status.
    with contextlib.suppress(BrokenPipeError), process.stdin:
        process.stdin.write(words.encode())
    return process


def end(process: subprocess.Popen[bytes], farewell: Farewell) -> None:
    """See the process off, and wait until it is gone."""
    for number, patience in farewell:
        process.send_signal(number)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()
    process.wait()


def end_stale(pid_file: Path, mark: str, farewell: Farewell) -> None:
    """End the process named in a pid file if it is still the engine with `mark` in its command line.

    A number alone proves nothing: after a restart of the machine or container another process may bear it. Then
    the file is removed, as the engine would take that stranger for a living forebear and refuse to start. The file
    of a dead forebear stays, because PostgreSQL finds in it whether children of that one are still at work.
    """
    words = pid_file.read_text(errors="replace").split() if pid_file.exists() else []
    pid = int(words[0]) if words and words[0].isdigit() else 0
    for number, patience in (*farewell, (signal.SIGKILL, 5.0)):
        if not _lives(pid, mark):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + patience
        while _lives(pid, mark) and time.monotonic() < deadline:
            time.sleep(0.02)
    if _lives(pid):
        pid_file.unlink(missing_ok=True)


def _lives(pid: int, mark: str = "") -> bool:
    """Whether there is a process of this number with the mark in its command line."""
    if pid < 1:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return not mark
    return mark in _command_line(pid)


def _command_line(pid: int) -> str:
    if PROCESSES.is_dir():
        try:
            return (PROCESSES / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    asked = ["ps", "-p", str(pid), "-o", "command="]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stdout  # noqa: S603 - no shell
