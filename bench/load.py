"""Load: the sides of a measurement as servers, each a process of its own, and how many answers a second one gives.

The load is made by `wrk`, over keep-alive connections; nginx serves bytes as a file. Both are packages of Debian's.
"""

import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS = 3
"""Of one measurement."""
CONNECTIONS = 32
PORT = 8431

OF_THE_SERVER = ("connection", "date", "server")


def is_there() -> bool:
    """Whether load can be made on this machine; says so where it cannot."""
    if shutil.which("wrk"):
        return True
    print("`wrk` makes the load and is not on this machine; Debian's package of that name has it.")
    return False


@contextmanager
def served(side: str, folder: Path) -> Iterator[None]:
    """That side on PORT while the block runs."""
    with _running(sys.executable, "-m", "bench.served", side, str(PORT), str(folder)):
        yield


@contextmanager
def file(body: bytes, folder: Path) -> Iterator[None]:
    """The bytes as a file behind nginx on PORT."""
    (folder / "www").mkdir(exist_ok=True)
    (folder / "www" / "answer.json").write_bytes(body)
    folder.chmod(0o755)  # its worker is somebody else
    (folder / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr crit;
        events {{ worker_connections 256; }}
        http {{ access_log off; sendfile on; keepalive_requests 10000000; open_file_cache max=10;
                server {{ listen 127.0.0.1:{PORT}; root {folder}/www; }} }}"""
    )
    with _running("nginx", "-c", str(folder / "nginx.conf")):
        yield


@contextmanager
def _running(*command: str) -> Iterator[None]:
    """The server that this command starts, from its first answer to the end of the block."""
    process = subprocess.Popen(command)
    try:
        _until_there(process)
        yield
    finally:
        process.terminate()
        process.wait(20)


def _until_there(process: "subprocess.Popen[bytes]") -> None:
    """Waits until somebody answers on PORT."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError("The server did not start; what it said stands above.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("The server did not come up within 30 s.")


def get(path: str) -> tuple[list[tuple[str, str]], str]:
    """Headers and body of one answer; without what the server says of this connection, which an app does not say."""
    with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}", timeout=20) as answer:
        kept = [(name.lower(), value) for name, value in answer.headers.items() if name.lower() not in OF_THE_SERVER]
        return kept, answer.read().decode()


def rate(path: str, *, script: Path | None = None, paths: Path | None = None) -> float:
    """Answers a second under load; raises RuntimeError when one is no 200."""
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", *(["-s", str(script)] if script else [])]
    environment = {**os.environ, "LOTTO_BENCH_PATHS": str(paths or "")}
    done = subprocess.run(
        [*command, f"http://127.0.0.1:{PORT}{path}"], check=True, capture_output=True, text=True, env=environment
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{path} was not answered as it should be:\n{done.stdout}")
    return float(re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)[1])  # type: ignore[index]
