"""The audit: whether every result that was told has reached the world, once. It uses no code of the house.

It reads the ledger by plain SQL, the files of the store and of the paper network, and the API like any stranger.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import httpx2
import psycopg
from PIL import Image
from psycopg.rows import dict_row

FORMS = {"og": (1200, 630), "square": (1080, 1080)}
"""The cards that every result has."""

DRAW = "lottery || '/' || date || CASE WHEN label = '' THEN '' ELSE '/' || label END AS draw"


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be."""

    kind: Literal["lost", "twice", "wrong"]
    words: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.words}"


@dataclass(frozen=True)
class Audit:
    """Where to look: the ledger, the folder that holds `store/` and `paper/`, and the API if one runs."""

    database_url: str
    folder: Path
    api: str | None = None
    timelines: Mapping[str, Iterable[str]] | None = None
    """Every text that the world sees of an account; without any, the house posts on paper alone."""
    doubtful: Collection[str] = field(default=())
    """Posts of which nobody can know whether they went out: just these must be held for a person."""

    def findings(self, played: Collection[str]) -> list[Finding]:
        """All that is wrong, given the draws that certainly came out; nothing when the house did its work."""
        with psycopg.connect(self.database_url, row_factory=dict_row) as conn:
            told = {row["draw"] for row in conn.execute(f"SELECT {DRAW} FROM outbox WHERE type = 'new_result'")}
            found = [Finding("lost", f"{draw} came out and was not told") for draw in played if draw not in told]
            found += self._cards(conn, told)
            found += self._paper(conn, told) if self.timelines is None else self._timelines(conn, told)
            found += self._events(conn)
            found += self._chain(conn)
            if self.api:
                with httpx2.Client(base_url=self.api, trust_env=False) as api:
                    found += self._shown(api, conn, told)
        return found

    def _cards(self, conn: psycopg.Connection[Any], told: Collection[str]) -> Iterator[Finding]:
        """Each told result has each card, and the card is a picture in the store."""
        cards: dict[str, list[dict[str, Any]]] = {draw: [] for draw in told}
        for row in conn.execute(f"SELECT {DRAW}, body FROM card"):
            cards.setdefault(row["draw"], []).append(row["body"])
        for draw, bodies in cards.items():
            if draw not in told:
                yield Finding("wrong", f"{draw} has cards, and nobody was told of it")
                continue
            counts = Counter(body["format"] for body in bodies)
            yield from (Finding("lost", f"{draw} has no {form} card") for form in FORMS if not counts[form])
            yield from (Finding("twice", f"{draw} has {n} {form} cards") for form, n in counts.items() if n > 1)
            for body in bodies:
                file = self.folder / "store" / body["key"]
                if not file.is_file():
                    yield Finding("lost", f"{draw}: {body['key']} is not in the store")
                elif wrong := picture(file.read_bytes(), FORMS[body["format"]], body["sha256"]):
                    yield Finding("wrong", f"{draw}: {body['key']} {wrong}")

    def _timelines(self, conn: psycopg.Connection[Any], told: Collection[str]) -> Iterator[Finding]:
        """Each told result has one post at each account, and stands there once; none is held that need not be."""
        for account, texts in (self.timelines or {}).items():
            visible = Counter(draw_of(text) for text in texts)
            posts = {
                row["draw"]: row
                for row in conn.execute(
                    f"SELECT {DRAW}, id::text, state, note FROM post WHERE account = %s AND kind = 'create'", [account]
                )
            }
            for draw in {*told, *visible}:
                post, count = posts.get(draw), visible[draw]
                if draw not in told:
                    yield Finding("wrong", f"{draw} was posted at {account}, and nobody was told of it")
                elif post is None:
                    yield Finding("lost", f"{account} has no post of {draw} in the ledger")
                elif count > 1:
                    yield Finding("twice", f"{draw} stands {count} times at {account}")
                elif post["id"] in self.doubtful:
                    if post["state"] != "held":
                        yield Finding("wrong", f"{account}'s post of {draw} is in doubt and not held")
                elif post["state"] != "sent":
                    yield Finding("lost", f"{account}'s post of {draw} is {post['state']}: {post['note']}")
                elif count != 1:
                    yield Finding("lost", f"{draw} does not stand at {account}, though the ledger has it as sent")

    def _paper(self, conn: psycopg.Connection[Any], told: Collection[str]) -> Iterator[Finding]:
        """Each told result has one post, which stands, and one line in the journal of what became visible."""
        posts = list(conn.execute(f"SELECT {DRAW}, id::text, kind, state, note FROM post"))
        lines = self.journal()
        for draw in told:
            ours = [post for post in posts if post["draw"] == draw]
            yield from counted(f"posts of {draw} in the ledger", len(ours))
            yield from counted(f"posts of {draw} in the journal", sum(line["draw"] == draw for line in lines))
        for post in posts:
            if post["state"] != "sent":
                yield Finding("lost", f"the post of {post['draw']} is {post['state']}: {post['note']}")
        for line in lines:
            if line["draw"] not in told:
                yield Finding("wrong", f"{line['draw']} was posted, and nobody was told of it")
            if line["key"] not in {post["id"] for post in posts}:
                yield Finding("wrong", f"the ledger does not know the post {line['key']} of {line['draw']}")
            if wrong := picture((self.folder / "paper" / line["image"]).read_bytes(), FORMS["og"]):
                yield Finding("wrong", f"the picture posted of {line['draw']} {wrong}")

    def journal(self) -> list[dict[str, str]]:
        """What became visible on paper; the draw is known by the link below the text."""
        journal = self.folder / "paper" / "journal.jsonl"
        lines = [json.loads(line) for line in journal.read_bytes().split(b"\n") if line] if journal.exists() else []
        return [{**line, "draw": draw_of(line["text"])} for line in lines]

    def _events(self, conn: psycopg.Connection[Any]) -> Iterator[Finding]:
        """Every event was said under a number of its own and worked off; none was given up."""
        for row in conn.execute(
            f"""SELECT type, {DRAW}, published_at IS NOT NULL AS said,
                       EXISTS (SELECT FROM inbox WHERE inbox.event_id = outbox.event_id AND inbox.consumer =
                               CASE stream WHEN 'new_result' THEN 'imaker' ELSE 'publisher' END) AS heard
                FROM outbox"""
        ):
            if not (row["said"] and row["heard"]):
                yield Finding("lost", f"{row['type']} of {row['draw']} was not {'heard' if row['said'] else 'said'}")
        positions = [
            row["position"]
            for row in conn.execute(
                "SELECT position FROM outbox WHERE position IS NOT NULL ORDER BY published_at, position"
            )
        ]
        if positions != list(range(1, len(positions) + 1)):
            yield Finding("wrong", f"the events are not numbered as they were said: {positions}")
        for row in conn.execute("SELECT consumer, event_id, reason FROM dead"):
            yield Finding("lost", f"{row['consumer']} gave up on {row['event_id']}: {row['reason']}")

    def _chain(self, conn: psycopg.Connection[Any]) -> Iterator[Finding]:
        """Every result holds the hash of the one before it, and every draw stands at its newest."""
        previous, newest = "0" * 64, {}
        results = conn.execute(f"SELECT seq, environment, {DRAW}, body, previous_hash, hash FROM result ORDER BY seq")
        for n, row in enumerate(results, 1):
            said = [previous, n, row["environment"], row["body"]]
            text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            digest = hashlib.sha256(text.encode()).hexdigest()
            if (row["seq"], row["previous_hash"], row["hash"]) != (n, previous, digest):
                yield Finding("wrong", f"the chain breaks at result {n}, {row['draw']}")
                return
            previous, newest[row["draw"]] = digest, n
        stands = {row["draw"]: row["seq"] for row in conn.execute(f"SELECT {DRAW}, seq FROM draw")}
        if stands != newest:
            yield Finding("wrong", "some draws do not stand at their newest result")

    def _shown(self, api: httpx2.Client, conn: psycopg.Connection[Any], told: Collection[str]) -> Iterator[Finding]:
        """The API shows each told result with its cards, which load, and one post of it; the newest ones as latest."""
        latest = {one["lottery"]: one for one in api.get("/api/v1/results/latest").json()["items"]}
        for row in conn.execute(
            f"SELECT DISTINCT ON (lottery) lottery, {DRAW} FROM draw ORDER BY lottery, drawn_at DESC"
        ):
            shown = latest.get(row["lottery"])
            if shown is None or named(shown) != row["draw"]:
                yield Finding("lost", f"the API does not show {row['draw']} as the latest of its lottery")
        for draw in told:
            lottery, _, place = draw.partition("/")
            answer = api.get(f"/api/v1/lotteries/{lottery}/draws/{place}")
            shown = answer.json()
            if answer.status_code != 200 or not shown["numbers"]:
                yield Finding("lost", f"the API does not show {draw}")
                continue
            yield from counted(f"cards pairs of {draw} in the API", len(shown["cards"]) / len(FORMS))
            for card in shown["cards"]:
                loaded = api.get(card["url"])
                if loaded.status_code != 200 or picture(loaded.content, FORMS[card["format"]]):
                    yield Finding("lost", f"{card['url']} of {draw} does not load")
        posts: Counter[str] = Counter()
        following: str | None = "/api/v1/posts?limit=200"
        while following:
            page = api.get(following).json()
            posts.update(named(post) for post in page["items"] if post["state"] == "sent")
            following = page["next"]
        for draw in told:
            yield from counted(f"posts of {draw} in the API", posts[draw])


def draw_of(text: str) -> str:
    """The draw that a post is about: the link below its text leads there."""
    return text.partition("/en/")[2].partition("\n")[0]


def counted(what: str, count: float) -> Iterator[Finding]:
    """A finding unless there is exactly one."""
    if count != 1:
        yield Finding("lost" if count < 1 else "twice", f"{count:g} {what}")


def picture(data: bytes, size: tuple[int, int], sha256: str = "") -> str:
    """What is wrong with a PNG; nothing when it opens, has that size and that hash."""
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        return "is not what its hash says"
    try:
        with Image.open(BytesIO(data), formats=["PNG"]) as opened:
            opened.load()
            return "" if opened.size == size else f"measures {opened.size}"
    except (OSError, SyntaxError) as error:
        return f"does not open: {error}"


def named(item: dict[str, Any]) -> str:
    """The text of the draw that an item of the API is about."""
    return "/".join(filter(None, (item["lottery"], item["date"], item["label"])))
