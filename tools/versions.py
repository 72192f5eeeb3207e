"""Runs the rooms' tests on the newest other Python that this machine has: `make versions`, or on all: `WHICH=all`.

What a new Python changes its successors keep, so the newest finds what those between would. Whole houses, real networks
and long spans are left to `make test`: they prove the system, not the language.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MINORS = range(11, 16)
WHOLE_SYSTEM = tuple(
    f"tests/test_{name}.py"
    for name in (
        "chaos",
        "contract",
        "desk",
        "fuzz",
        "house",
        "journey",
        "live",
        "networks",
        "restored",
        "s3",
        "several",
        "size",
        "surfaces",
        "year",
    )
)


def others() -> dict[str, str]:
    """Version → interpreter, for each version but our own."""
    found: dict[str, str] = {}
    for minor in MINORS:
        installed = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3"))
        for path in (shutil.which(f"python3.{minor}"), *map(str, installed)):
            if path and minor != sys.version_info.minor and _runs(path):
                found.setdefault(f"3.{minor}", path)
    return found


def _runs(path: str) -> bool:
    return subprocess.run([path, "-c", "import venv"], capture_output=True, check=False).returncode == 0  # noqa: S603


def main(uv: str, which: str) -> None:
    """Installs into a folder of its own for each version and runs there; ends at the first that fails."""
    found = others()
    versions = found if which == "all" else dict([*found.items()][-1:])
    print(f"Other Pythons here: {', '.join(found) or 'none'}; tried: {', '.join(versions) or 'none'}.", flush=True)
    for version, interpreter in versions.items():
        python = str(ROOT / f".venv-{version}" / "bin" / "python")
        skipped = [f"--ignore={name}" for name in WHOLE_SYSTEM]
        for command in (
            [uv, "venv", "--quiet", "--allow-existing", "--python", interpreter, f".venv-{version}"],
            [uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", "locks/dev.txt"],
            [
                uv,
                "pip",
                "install",
                "--quiet",
                "--python",
                python,
                "--no-deps",
                "--no-build-isolation",
                "--editable",
                ".",
            ],
            [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2", "--dist", "loadfile", *skipped],
        ):
            subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603


if __name__ == "__main__":
    main(*sys.argv[1:])
