"""What all practice networks with a real network's rules have in common: who is let in, uploads, and troubles.

Each takes what the real one takes and refuses the rest in its words: texts too long as it counts them, pictures too
large, repeats, credentials that are not (any more) good, and, where it is `paced`, more than its published limits. The
journal tells what the world saw, and when.
"""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, ClassVar, Literal
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from lotto.replay.networks import PracticeNetwork, Trouble, Visible, answered

Handler = Callable[[Request], Awaitable[Response]]

_MAGIC = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"RIFF": "image/webp"}


Counted = Literal["request", "post", "picture"]


@dataclass(frozen=True)
class Limit:
    """So many at the most in any span of that length, by the network's published word."""

    most: int
    span: timedelta
    of: Counted = "post"


@dataclass(frozen=True)
class Upload:
    """A picture that was uploaded and is seen by nobody yet."""

    id: str
    sha256: str
    media: str
    """What it is by its first bytes; empty when it is no picture."""
    size: int
    alt: str = ""


@dataclass
class Rules(PracticeNetwork):
    """A practice network with the rules of a real one. `token` is what lets in."""

    limits: ClassVar[Sequence[Limit]] = ()
    """How much of what it takes in which time; heeded where `paced`."""
    token: str = "practice"  # noqa: S105 - of a practice network
    pictures: Callable[[str], bytes | None] | None = None
    """What the world gets at a picture's address; None for a world in which each address has one."""
    revoked: bool = False
    uploads: dict[str, Upload] = field(default_factory=dict)
    numbered: int = 0
    """How many names were given to anything but posts."""
    paced: bool = False
    """Whether it keeps to its limits: tests of other things are told faster than any network would let them."""
    taken: dict[Counted, list[datetime]] = field(default_factory=dict)
    """When it took what it counts."""
    refused: list[datetime] = field(default_factory=list)
    """When it said that one is too fast."""

    def denied(self) -> Response:
        """How it answers credentials that are not good (any more)."""
        raise NotImplementedError

    def busy(self, seconds: float = 1.0) -> Response:
        """How it answers who posts too fast: come again in so many seconds, where it says when."""
        raise NotImplementedError

    def too_fast(self, of: Counted) -> Response | None:
        """The answer to one more than its limits allow; None where it may come, and is counted."""
        if not self.paced:
            return None
        now, taken = self.clock(), self.taken.setdefault(of, [])
        waits = []
        for limit in self.limits:
            lately = [at for at in taken[-limit.most :] if at > now - limit.span]
            if limit.of == of and len(lately) == limit.most:
                waits.append((lately[0] + limit.span - now).total_seconds())
        if waits:
            self.refused.append(now)
            return self.busy(max(waits))
        taken.append(now)
        return None

    def lets_in(self, request: Request) -> bool:
        """Whether the request bears what lets in."""
        return request.headers.get("authorization") == f"Bearer {self.token}"

    def route(self, path: str, handler: Handler, *methods: str) -> BaseRoute:
        """A route for those who are let in."""

        async def guarded(request: Request) -> Response:
            if self.revoked or not self.lets_in(request):
                return self.denied()
            return self.too_fast("request") or await handler(request)

        return Route(path, guarded, methods=methods or ("GET",))

    async def show(
        self,
        request: Request,
        text: str,
        answer: Callable[[Visible], Response],
        *,
        alt: str = "",
        image: str = "",
        answers: str | None = None,
        key: str = "",
    ) -> Response:
        """Publishes a post, unless trouble comes before, and answers unless trouble comes after."""
        slow = self.too_fast("post")
        if slow is not None:
            return slow
        trouble = self.trouble()
        if trouble is not None:
            self.made[trouble].append(text)
        if trouble is Trouble.BUSY:
            return self.busy()
        if trouble is Trouble.REVOKED:
            self.revoked = True
            return self.denied()
        self.publish(text, alt, answers, image, key)
        return await answered(request, trouble, answer(self.posts[-1]))

    def upload(self, image: bytes, alt: str = "") -> Upload:
        """Keeps a picture under a name of its own."""
        media = next((one for magic, one in _MAGIC.items() if image.startswith(magic)), "")
        kept = Upload(self.new_name(), hashlib.sha256(image).hexdigest(), media, len(image), alt)
        self.uploads[kept.id] = kept
        return kept

    def hashes(self, images: Iterable[bytes]) -> str:
        """The hashes of pictures that came with a post, which are kept."""
        return " ".join(self.upload(one).sha256 for one in images)

    def fetch(self, address: str) -> Upload | None:
        """The picture that the world gets at an address, uploaded; None where there is none."""
        if not address.startswith(("http://", "https://")):
            return None
        image = self.pictures(address) if self.pictures else b"\xff\xd8\xff"
        return None if image is None else self.upload(image)

    def new_name(self) -> str:
        """A name for what is no post: nothing else has it."""
        self.numbered += 1
        return f"17{self.numbered:015}"

    def standing(self, name: str) -> Visible | None:
        """The post of that name, if it stands."""
        return next((post for post in self.posts if post.id == name), None)


async def told(request: Request) -> dict[str, Any]:
    """What a request says in JSON or a form; nothing when it is neither."""
    body = await request.body()
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        return msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.MsgspecError:
        return {}


async def parted(request: Request) -> tuple[dict[str, str], Mapping[str, bytes]]:
    """The fields and the files of a multipart form."""
    head = f"Content-Type: {request.headers.get('content-type', '')}\r\n\r\n".encode()
    message = BytesParser(policy=HTTP).parsebytes(head + await request.body())
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", "", "content-disposition"))
        content = part.get_payload(decode=True)
        whole = content if isinstance(content, bytes) else b""
        if part.get_filename() is None:
            fields[name] = whole.decode()
        else:
            files[name] = whole
    return fields, files


def says(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer in JSON."""
    return JSONResponse(content, status, headers)
