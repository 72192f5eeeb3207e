"""Methods: by which ones an address may be asked, for `Allow`."""

from starlette.applications import Starlette
from starlette.routing import Match
from starlette.types import Scope

KNOWN = ("GET", "POST", "PUT", "PATCH", "DELETE")


def allowed(app: Starlette, scope: Scope) -> str:
    """The methods that the address of this request takes, as `Allow` lists them; empty where nothing is there."""
    taken = [method for method in KNOWN if _takes(app, scope, method)]
    if "GET" in taken:
        taken.insert(1, "HEAD")
    return ", ".join([*taken, "OPTIONS"]) if taken else ""


def _takes(app: Starlette, scope: Scope, method: str) -> bool:
    return any(route.matches({**scope, "method": method})[0] is Match.FULL for route in app.routes)
