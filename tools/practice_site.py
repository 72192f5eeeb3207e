"""The demo as anyone starts it, as a process of its own, for whoever wants to look at it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

WITHIN = 120.0
"""Seconds until the first post, at the most."""


class DemoFailed(Exception):
    """It ended or showed nothing; the message is the end of its log."""


@contextmanager
def running(every: float, posts: int = 1) -> Iterator[str]:
    """Yields the demo's address once it has published so many posts; it is stopped as Ctrl-C would."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with TemporaryDirectory(prefix="lotto-site-") as folder:
        Path(folder).chmod(0o711)  # as root the engines are somebody else, who must get in
        log = Path(folder) / "demo.log"
        env = {**os.environ, "LOTTO_DATA_DIR": f"{folder}/data", "LOTTO_PORT": str(port)}
        command = [sys.executable, "-m", "lotto", "demo", "--every", str(every)]
        with log.open("wb") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as demo:  # noqa: S603 - our own command
            try:
                address = f"http://127.0.0.1:{port}"
                _wait(address, demo, log, posts)
                yield address
            finally:
                demo.send_signal(signal.SIGINT)
                left = demo.wait(20)
        if left != 0:
            raise DemoFailed(_end(log))


def _wait(address: str, demo: subprocess.Popen[bytes], log: Path, posts: int) -> None:
    end = time.monotonic() + WITHIN
    with httpx2.Client(trust_env=False) as client:
        while time.monotonic() < end and demo.poll() is None:
            try:
                found = client.get(f"{address}/api/v1/posts", params={"limit": 200}).json()["items"]
            except httpx2.HTTPError:
                found = []
            if len([one for one in found if one["state"] == "sent"]) >= posts:
                return
            time.sleep(0.1)
    raise DemoFailed(_end(log))


def _end(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]
