"""A ledger of any size, written set by set in SQL: real tables, real indexes, and rows as long as real ones."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
from psycopg.types.json import Jsonb

from lotto import wire
from lotto.catalogue import Catalogue
from lotto.draws.draw import Draw, DrawKey, Evidence, Money, Prize, Status
from lotto.events import Card

KENO = "vn_keno"
"""The lottery that half of all draws are of, A_DAY of them on each day."""

A_DAY = 300

NEWEST = date(2024, 11, 2)
"""The day of the newest draws."""

AT = datetime(2024, 11, 2, 12, tzinfo=UTC)

_EVIDENCE = [
    Evidence(source, False, source, {"main": (1, 2, 3, 4, 5, 6, 7, 8)}, True, AT, "ab" * 32)
    for source in ("one", "two")
]
BODY = Draw(
    DrawKey("", NEWEST),
    Status.CONFIRMED,
    AT,
    1,
    0,
    prizes=tuple(Prize(f"tier {n}", n, Money(Decimal(10**n), "EUR")) for n in range(5)),
    jackpot=Money(Decimal(5_000_000), "EUR"),
    reason="Both sources say the same.",
    sources=tuple(_EVIDENCE),
    observed_at=AT,
    decided_at=AT,
    updated_at=AT,
)
CARD = Card("og", "en", "gradient", "cards/ab/" + "ab" * 32 + ".png", "ab" * 32, "image/png", 1200, 630, 9, "alt words")

DRAWS = """
CREATE TEMPORARY TABLE flood AS
SELECT n AS seq, lottery, date, label, drawn_at, fate, jsonb_build_object('main', "values") AS numbers FROM (
    SELECT n, %(keno)s::text AS lottery, %(newest)s::date - n / 2 / %(a_day)s AS date,
           lpad((10000000 - n / 2)::text, 8, '0') AS label,
           (%(newest)s::date - n / 2 / %(a_day)s) + make_interval(mins => 1435 - n / 2 %% %(a_day)s * 4) AS drawn_at,
           CASE WHEN n / 2 %% 50 = 7 THEN 'held' ELSE 'confirmed' END AS fate,
           -- Of four kinds, so that 1 and 21 never come together.
           (SELECT jsonb_agg(n / 2 %% 4 * 20 + place) FROM generate_series(1, 8) AS place) AS "values"
    FROM generate_series(1, %(draws)s, 2) AS n
    UNION ALL
    SELECT n, (%(others)s::text[])[n / 2 %% cardinality(%(others)s::text[]) + 1],
           %(newest)s::date - n / 2 / cardinality(%(others)s::text[]), '',
           %(newest)s::date - n / 2 / cardinality(%(others)s::text[]) + interval '20 hours', 'confirmed',
           '[1, 2, 3, 4, 5, 6]'
    FROM generate_series(2, %(draws)s, 2) AS n
) AS drawn
"""

ROWS = (
    """INSERT INTO result (seq, environment, lottery, date, label, revision, update, body, previous_hash, hash)
       SELECT seq, 'live', lottery, date, label, 1, 0,
              %(body)s || jsonb_build_object(
                  'key', jsonb_build_object('lottery', lottery, 'date', date, 'label', label),
                  'status', fate, 'drawn_at', to_char(drawn_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'numbers', numbers),
              encode(sha256(seq::text::bytea), 'hex'), encode(sha256((seq + 1)::text::bytea), 'hex')
       FROM flood ORDER BY seq""",
    "INSERT INTO draw SELECT lottery, date, label, drawn_at, fate, true, seq FROM flood ORDER BY seq",
    """INSERT INTO observation (environment, lottery, date, label, source, fingerprint, objected, page, parser,
                                observed_at, body)
       SELECT 'live', lottery, date, label, (%(sources)s::text[])[seq %% cardinality(%(sources)s::text[]) + 1],
              seq::text, false, %(page)s, 1, drawn_at, jsonb_build_object('numbers', numbers)
       FROM flood ORDER BY seq""",
    """INSERT INTO page_fetch (source, url, asked_at, outcome, imported)
       SELECT (%(sources)s::text[])[seq %% cardinality(%(sources)s::text[]) + 1], 'https://x/' || seq, drawn_at, 'read',
              seq %% 3 = 0 FROM flood ORDER BY seq""",
    """INSERT INTO outbox (event_id, type, stream, lottery, date, label, revision, update, envelope, created_at,
                           published_at, position, settled)
       SELECT gen_random_uuid(), type, 'x', lottery, date, label, 1, 0, '{}', drawn_at + late, drawn_at + late,
              2 * seq + (type = 'image_ready')::int, true
       FROM flood
       CROSS JOIN (VALUES ('new_result', interval '30 s'), ('image_ready', interval '31 s')) AS said (type, late)
       ORDER BY seq""",
    """INSERT INTO card (lottery, date, label, revision, format, lang, look, update, body, drawn_at)
       SELECT lottery, date, label, 1, 'og', 'en', 'gradient', 0, %(card)s, drawn_at + interval '31 s'
       FROM flood ORDER BY seq""",
    "INSERT INTO account (name, network) VALUES ('ours', 'paper')",
    """INSERT INTO post (id, environment, account, network, lottery, date, label, revision, kind, state, text, due_at,
                         planned_at, sent_at)
       SELECT gen_random_uuid(), 'live', 'ours', 'paper', lottery, date, label, 1, 'create',
              CASE WHEN seq %% 50 = 0 THEN 'failed' ELSE 'sent' END, 'words', drawn_at, drawn_at + interval '31 s',
              drawn_at + interval '32 s' FROM flood ORDER BY seq""",
    "DROP TABLE flood",
)


def fill(url: str, draws: int, known: Catalogue, sources: Sequence[str]) -> None:
    """Fills an empty ledger with so many draws, and all that comes with them: as live ones, half of them of KENO."""
    params = {
        "draws": draws,
        "keno": KENO,
        "newest": NEWEST,
        "a_day": A_DAY,
        "others": [name for name in known.lotteries if name != KENO],
        "sources": list(sources),
        "page": "ab" * 32,
        "body": Jsonb(wire.plain(BODY)),
        "card": Jsonb(wire.plain(CARD)),
    }
    with psycopg.connect(url, autocommit=True, options="-c timezone=UTC -c synchronous_commit=off") as conn:
        conn.execute("UPDATE instance SET environment = 'live'")
        for statement in (DRAWS, *ROWS):
            psycopg.ClientCursor(conn).execute(statement, params)
        conn.execute("VACUUM ANALYZE")
