"""The API's reads for programs that speak the Model Context Protocol."""

import asyncio
from importlib.metadata import version
from importlib.util import find_spec
from typing import Annotated

import httpx2
import typer

from lotto.place import configured
from lotto.settings import BadSetting, Settings


def speak(
    http: Annotated[bool, typer.Option("--http", help="Over streamable HTTP at /mcp, instead of stdio.")] = False,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on, with --http.")] = 8401,
) -> None:
    """Serves the reads of the API at LOTTO_API_URL to programs that speak the Model Context Protocol."""
    if find_spec("mcp") is None:
        raise BadSetting("`lotto mcp` needs an extra that is not installed: pip install 'lotto[mcp]'.")
    settings = configured()
    asyncio.run(_serve(settings, http=http, host=host, port=port))


async def _serve(settings: Settings, *, http: bool, host: str, port: int) -> None:
    # Only who speaks it needs the extra.
    from lotto.mcp.reads import Reads
    from lotto.mcp.server import made

    key = settings.api_key
    headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
    base = (settings.api_url or settings.address).rstrip("/")
    async with httpx2.AsyncClient(base_url=base, headers=headers, trust_env=False) as client:
        server = made(Reads(client), version("lotto"))
        if http:
            await server.run_streamable_http_async(host=host, port=port, stateless_http=True, json_response=True)
        else:
            await server.run_stdio_async()
