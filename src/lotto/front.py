"""One public origin: the API's addresses go to the API, the rest to the pages."""

from starlette.types import ASGIApp, Receive, Scope, Send

API = ("/api/", "/cards/", "/healthz", "/readyz", "/metrics")


class Front:
    """Hands each request to the app it is for; in production a reverse proxy does the same."""

    def __init__(self, api: ASGIApp, web: ASGIApp) -> None:
        self._api = api
        self._web = web

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        for_api = scope["type"] == "http" and scope["path"].startswith(API)
        await (self._api if for_api else self._web)(scope, receive, send)
