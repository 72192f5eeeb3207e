"""Takes the pictures of the README from the running demo, so that they are true: `make pictures`."""

import time
from io import BytesIO
from pathlib import Path

import httpx2
from browser import launch
from PIL import Image
from playwright.sync_api import Browser
from practice_site import running

HERE = Path(__file__).parent.parent / "docs" / "pictures"

PAGES = (
    ("board", "/en/", 1280, 900, "light"),
    ("board-phone", "/en/", 390, 844, "light"),
    ("draw-phone", "/en/{draw}", 390, 844, "dark"),
    ("draw", "/en/{draw}", 1280, 900, "dark"),
    ("held", "/en/us_mega_millions/2022-05-10", 1280, 900, "light"),
    ("wall", "/en/wall", 1280, 900, "light"),
)


def main() -> None:
    """Takes them all, over the old ones."""
    HERE.mkdir(parents=True, exist_ok=True)
    with running(every=4) as address, launch() as browser:
        draw = _draw(address)
        for name, path, width, height, scheme in PAGES:
            _take(browser, f"{address}{path.format(draw=draw['path'])}", name, (width, height), scheme)
        for card in draw["cards"]:
            picture = httpx2.get(f"{address}{card['url']}", trust_env=False).content
            _keep(picture, f"card-{card['format']}")


def _draw(address: str) -> dict[str, object]:
    """A draw that is the newest of all, is confirmed and has its cards; waits until there is one."""
    while True:
        draw = httpx2.get(f"{address}/api/v1/results/latest", trust_env=False).json()["items"][0]
        if draw["lottery"] == "us_powerball" and draw["status"] == "confirmed" and draw["cards"]:
            return {"path": f"{draw['lottery']}/{draw['date']}", "cards": draw["cards"]}
        time.sleep(0.2)


def _take(browser: Browser, url: str, name: str, size: tuple[int, int], scheme: str) -> None:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url, wait_until="load")
    page.wait_for_timeout(500)
    _keep(page.screenshot(), name)
    context.close()


def _keep(picture: bytes, name: str) -> None:
    Image.open(BytesIO(picture)).convert("RGB").save(HERE / f"{name}.webp", quality=86, method=6)


if __name__ == "__main__":
    main()
