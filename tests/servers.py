"""Real servers of networks, started on loopback for as long as a block runs, and a wire that loses answers.

They are installed by `make test` into an environment of their own, from `locks/servers.txt`.
"""

import asyncio
import hmac
import json
import os
import signal
import subprocess
import sys
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
from nostr_sdk import LocalRelayBuilder

from stage import free_port, until

ROOT = Path(__file__).parent.parent
BIN = ROOT / ".tools" / "servers" / "bin"
PDS = ROOT / "tools" / "pds"
SHARED = "for tests alone"
MEMBERS = {"lotto": False, "boss": True, "guest": False}
"""The users of a homeserver of ours, and whether they rule it; a password is the name twice."""


class Process:
    """A server as a process of its own, that writes what it says into a file beside it."""

    def __init__(self, command: list[str], folder: Path, ready: str, env: Mapping[str, str] | None = None) -> None:
        assert BIN.is_dir(), "The networks' servers are not installed: run `make .tools/servers/.installed`."
        self._command = [str(BIN / command[0]), *command[1:]]  # a whole path stays as it is
        self._env = env
        self._folder = folder
        self._ready = ready
        self.start()

    def start(self) -> None:
        """Returns when it answers."""
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        until(self._answers, f"{self._ready} answers")

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it and whatever it started, and returns when it is gone."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, how)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        said = (self._folder / "server.log").read_text(errors="replace")
        assert self._process.poll() is None, f"the server ended: {said[-2000:]}"
        with suppress(httpx2.TransportError):
            return httpx2.get(self._ready, trust_env=False, timeout=2.0).status_code < 500
        return False


class Homeserver:
    """A Synapse with a room in which `lotto` posts from the device LOTTO; `boss` owns both, `guest` is not in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        unbounded = {"per_second": 10_000, "burst_count": 10_000}
        settings = {
            "server_name": "localhost",
            "report_stats": False,
            "database": {"name": "sqlite3", "args": {"database": str(folder / "home.sqlite3")}},
            "media_store_path": str(folder / "media"),
            "signing_key_path": str(folder / "signing.key"),
            "macaroon_secret_key": SHARED,
            "form_secret": SHARED,
            "listeners": [
                {
                    "port": self.port,
                    "type": "http",
                    "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"]}],
                }
            ],
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "registration_shared_secret": SHARED,
            "rc_message": unbounded,
            "rc_login": {"address": unbounded, "account": unbounded, "failed_attempts": unbounded},
        }
        (folder / "home.yaml").write_text(json.dumps(settings))
        (folder / "signing.key").write_text(f"ed25519 a_test {b64encode(os.urandom(32)).decode().rstrip('=')}\n")
        app = ["python", "-m", "synapse.app.homeserver", "--config-path", "home.yaml"]
        self.process = Process(app, folder, f"{self.address}/health")
        try:
            for name, rules in MEMBERS.items():
                self._register(name, rules)
            self.boss = self.login("boss", "BOSS")
            self.token = self.login("lotto", "LOTTO")
            self.room = self.ask("POST", "createRoom", self.boss, {"invite": ["@lotto:localhost"]})["room_id"]
            self.ask("POST", f"join/{quote(self.room)}", self.token, {})
        except BaseException:
            self.process.stop()
            raise

    def _register(self, name: str, rules: bool) -> None:
        """Makes a user, by the secret that the server shares with us."""
        path = "/_synapse/admin/v1/register"
        nonce = self.raw("GET", path, "").json()["nonce"]
        told = "\0".join([nonce, name, name * 2, "admin" if rules else "notadmin"])
        mac = hmac.new(SHARED.encode(), told.encode(), "sha1").hexdigest()
        asked = {"nonce": nonce, "username": name, "password": name * 2, "admin": rules, "mac": mac}
        assert self.raw("POST", path, "", asked).status_code == 200

    def login(self, name: str, device: str) -> str:
        """A token of that user's device."""
        asked = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": name},
            "password": name * 2,
            "device_id": device,
        }
        return str(self.ask("POST", "login", "", asked)["access_token"])

    def ask(self, method: str, path: str, token: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What the server answers to a client."""
        answer = self.raw(method, f"/_matrix/client/v3/{path}", token, body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def raw(self, method: str, path: str, token: str, body: dict[str, Any] | None = None) -> httpx2.Response:
        """The server's whole answer."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx2.request(method, self.address + path, json=body, headers=headers, trust_env=False, timeout=20.0)

    def timeline(self) -> list[dict[str, Any]]:
        """Every message of the room that anybody sees, newest first, edits among them."""
        shown: list[dict[str, Any]] = []
        start = ""
        while True:
            page = self.ask("GET", f"rooms/{quote(self.room)}/messages?dir=b&limit=500{start}", self.boss)
            shown += [one for one in page["chunk"] if one["type"] == "m.room.message" and one["content"]]
            if "end" not in page:
                return shown
            start = f"&from={quote(page['end'])}"

    def under(self, key: str) -> list[dict[str, Any]]:
        """The messages that carry this key of ours."""
        return [one for one in self.timeline() if one["content"].get("lotto.post") == key]


@contextmanager
def synapse(folder: Path) -> Iterator[Homeserver]:
    """A Matrix homeserver that keeps everything in that empty folder."""
    home = Homeserver(folder)
    try:
        yield home
    finally:
        home.process.stop()


@dataclass
class Relay:
    """A Nostr relay."""

    address: str
    process: Process | None = None


@contextmanager
def relay(folder: Path, port: int = 0, notes_per_minute: int = 100_000) -> Iterator[Relay]:
    """The Nostr relay `nostr-relay`, that keeps everything in that empty folder."""
    port = port or free_port()
    settings = {
        "relay_name": "a relay for tests",
        "storage": {
            "sqlalchemy.url": f"sqlite+aiosqlite:///{folder}/nostr.sqlite3",
            "num_concurrent_reqs": 4,
            "num_concurrent_adds": 2,
            "validators": ["nostr_relay.validators.is_not_too_large", "nostr_relay.validators.is_signed"],
        },
        "verification": {"nip05_verification": "disabled"},
        "authentication": {"enabled": False},
        "rate_limits": {"ip": {"EVENT": f"{notes_per_minute}/min"}},
        "gunicorn": {"bind": f"127.0.0.1:{port}", "workers": 1, "loglevel": "warning"},
    }
    (folder / "relay.yaml").write_text(json.dumps(settings))
    process = Process(["nostr-relay", "-c", "relay.yaml", "serve"], folder, f"http://127.0.0.1:{port}/")
    try:
        yield Relay(f"ws://127.0.0.1:{port}", process)
    finally:
        process.stop()


@asynccontextmanager
async def local_relay(port: int = 0) -> AsyncIterator[Relay]:
    """The relay of rust-nostr, in this very process and in memory."""
    port = port or free_port()
    here = LocalRelayBuilder().addr("127.0.0.1").port(port).build()
    await here.run()
    try:
        yield Relay(f"ws://127.0.0.1:{port}")
    finally:
        here.shutdown()


@dataclass
class Wire:
    """A wire to a server of this machine on which answers are lost: after they took effect, before they arrive."""

    to: int
    mark: bytes
    """What must have been asked or answered for an answer to be lost."""
    to_lose: int
    instead: bytes = b""
    """What arrives in the place of a lost answer; nothing ends the connection."""
    lost: int = 0
    port: int = 0
    ends: set[asyncio.StreamWriter] = field(default_factory=set)
    """Both ends of every connection, while they are open."""

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carries one connection until one side hangs up, or an answer is lost."""
        theirs, to_them = await asyncio.open_connection("127.0.0.1", self.to)
        self.ends |= {writer, to_them}
        asked = bytearray()

        async def upward() -> None:
            while data := await reader.read(65_536):
                asked.extend(data)
                to_them.write(data)
                await to_them.drain()

        async def downward() -> None:
            while data := await theirs.read(65_536):
                if self.to_lose and (self.mark in asked or self.mark in data):
                    self.to_lose -= 1
                    self.lost += 1
                    writer.write(self.instead)
                    return
                writer.write(data)
                await writer.drain()

        both = [asyncio.create_task(way) for way in (upward(), downward())]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for end in (writer, to_them):
            end.close()
        await asyncio.gather(*both, return_exceptions=True)
        self.ends -= {writer, to_them}

    async def cut(self) -> None:
        """Ends every connection, and returns when they are gone."""
        for end in self.ends:
            end.close()
        while self.ends:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def losing_wire(to: int, mark: bytes, times: int = 1, instead: bytes = b"") -> AsyncIterator[Wire]:
    """A wire to that port that loses so many answers to what bears the mark, and carries everything else."""
    wire = Wire(to, mark, times, instead)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    async with server:
        try:
            yield wire
        finally:
            await wire.cut()


@dataclass
class Home:
    """An account at a server that speaks the AT Protocol."""

    address: str
    handle: str
    password: str
    did: str


@contextmanager
def pds(folder: Path) -> Iterator[Home]:
    """A personal data server of Bluesky, with an account of ours."""
    assert (PDS / "node_modules").is_dir(), (
        "Bluesky's server is not installed: run `make tools/pds/node_modules/.installed`."
    )
    port, directory = free_port(), free_port()
    (folder / "blobs").mkdir()
    settings = {
        "PLC_PORT": str(directory),
        "PDS_PORT": str(port),
        "PDS_HOSTNAME": "localhost",
        "PDS_DEV_MODE": "true",
        "PDS_DATA_DIRECTORY": str(folder),
        "PDS_BLOBSTORE_DISK_LOCATION": str(folder / "blobs"),
        "PDS_DID_PLC_URL": f"http://localhost:{directory}",
        "PDS_SERVICE_HANDLE_DOMAINS": ".test",
        "PDS_INVITE_REQUIRED": "false",
        "PDS_JWT_SECRET": SHARED,
        "PDS_ADMIN_PASSWORD": SHARED,
        "PDS_DPOP_SECRET": "ab" * 32,
        "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX": "ab" * 32,
        "PDS_DISABLE_SSRF_PROTECTION": "true",
        "PDS_RATE_LIMITS_ENABLED": "false",
        "NODE_PATH": str(PDS / "node_modules"),
    }
    address = f"http://127.0.0.1:{port}"
    node = str(Path(sys.executable).parent / "node")
    process = Process([node, str(PDS / "serve.cjs")], folder, f"{address}/xrpc/_health", env={**os.environ, **settings})
    try:
        wish = {"handle": "lotto.test", "email": "lotto@example.org", "password": "lotto-lotto"}
        told = httpx2.post(f"{address}/xrpc/com.atproto.server.createAccount", json=wish, trust_env=False, timeout=20.0)
        assert told.status_code == 200, told.text
        yield Home(address, "lotto.test", "lotto-lotto", told.json()["did"])
    finally:
        process.stop()
