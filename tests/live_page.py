"""A live page as a browser keeps it: it hears events, and comes back to the last one it heard when the line breaks."""

import json
import threading
from http.client import HTTPConnection, HTTPException
from types import TracebackType
from typing import Self


class LivePage:
    """Listens on `/api/v1/events` from `with` to the end of its block, from the first event on."""

    def __init__(self, port: int) -> None:
        self.heard: list[tuple[int, str]] = []
        """Position and draw of every event, as they came."""
        self.lines = 0
        """How often it was connected."""
        self._port = port
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="live page")

    @property
    def position(self) -> int:
        """Of the last event heard."""
        return self.heard[-1][0] if self.heard else 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()

    def _listen(self) -> None:
        while not self._closed.wait(0.05):
            # The API tells at least every four seconds that it is still there.
            line = HTTPConnection("127.0.0.1", self._port, timeout=15)
            try:
                self._hear(line)
            except (OSError, HTTPException):
                continue
            finally:
                line.close()

    def _hear(self, line: HTTPConnection) -> None:
        line.request("GET", "/api/v1/events", headers={"Last-Event-ID": str(self.position)})
        answer = line.getresponse()
        if answer.status != 200:
            return
        self.lines += 1
        position = 0
        while not self._closed.is_set() and (said := answer.readline()):
            name, _, value = said.decode().strip().partition(": ")
            if name == "id":
                position = int(value)
            elif name == "data":
                event = json.loads(value)
                draw = "/".join(filter(None, (event["lottery"], event["date"], event["label"])))
                self.heard.append((position, draw))
