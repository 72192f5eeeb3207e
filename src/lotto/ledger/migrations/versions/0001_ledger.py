"""Before the first code: the ledger.

Observations and results are append-only, and the database says so itself. Instants come from the application's
clock, never from the server's, so a practice world keeps its own time.
"""

from alembic import op

revision = "0001"
down_revision = None

SQL = """
-- One row: what this ledger is for. Rows that must never mix refer to it.
CREATE TABLE instance (
    single      boolean PRIMARY KEY DEFAULT true CHECK (single),
    environment text NOT NULL UNIQUE CHECK (environment IN ('live', 'practice'))
);

-- Every page asked for, and how it went.
CREATE TABLE page_fetch (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source        text NOT NULL,
    url           text NOT NULL,
    asked_at      timestamptz NOT NULL,
    answered_at   timestamptz,
    status        integer,
    sha256        text,
    size          integer,
    etag          text,
    last_modified text,
    outcome       text NOT NULL CHECK (outcome IN ('read', 'objected', 'unchanged', 'not_yet', 'changed', 'failed')),
    note          text NOT NULL DEFAULT ''
);
CREATE INDEX page_fetch_by_url ON page_fetch (url, id DESC);
CREATE INDEX page_fetch_by_source ON page_fetch (source, id DESC);

-- What one source said of one draw, when it said something new.
CREATE TABLE observation (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment text NOT NULL REFERENCES instance (environment),
    lottery     text NOT NULL,
    date        date NOT NULL,
    label       text NOT NULL,
    source      text NOT NULL,
    fingerprint text NOT NULL,
    objected    boolean NOT NULL,
    page        text NOT NULL,
    parser      integer NOT NULL,
    observed_at timestamptz NOT NULL,
    body        jsonb NOT NULL
);
CREATE INDEX observation_by_draw ON observation (lottery, date, label, source, id DESC);
CREATE INDEX observation_by_source ON observation (source, date);

-- Everything we ever held true: each row holds the hash of the one before it.
CREATE TABLE result (
    seq           bigint PRIMARY KEY,
    environment   text NOT NULL REFERENCES instance (environment),
    lottery       text NOT NULL,
    date          date NOT NULL,
    label         text NOT NULL,
    revision      integer NOT NULL,
    update        integer NOT NULL,
    body          jsonb NOT NULL,
    previous_hash text NOT NULL,
    hash          text NOT NULL UNIQUE,
    UNIQUE (lottery, date, label, revision, update)
);

-- Where each draw stands now: the newest of its results.
CREATE TABLE draw (
    lottery  text NOT NULL,
    date     date NOT NULL,
    label    text NOT NULL,
    drawn_at timestamptz NOT NULL,
    status   text NOT NULL,
    told     boolean NOT NULL,
    seq      bigint NOT NULL UNIQUE REFERENCES result (seq),
    PRIMARY KEY (lottery, date, label)
);
CREATE INDEX draw_by_lottery ON draw (lottery, drawn_at DESC, label);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER observation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON observation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER result_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON result
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What is to be said, written with what it tells of; the relay says it and numbers it.
CREATE TABLE outbox (
    event_id     uuid PRIMARY KEY,
    type         text NOT NULL,
    stream       text NOT NULL,
    lottery      text NOT NULL,
    date         date NOT NULL,
    label        text NOT NULL,
    revision     integer NOT NULL,
    update       integer NOT NULL,
    envelope     json NOT NULL,
    created_at   timestamptz NOT NULL,
    published_at timestamptz,
    position     bigint UNIQUE,
    entry_id     text,
    settled      boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE published_at IS NULL;
CREATE INDEX outbox_unsettled ON outbox (published_at) WHERE NOT settled;
CREATE INDEX outbox_by_draw ON outbox (lottery, date, label);

CREATE FUNCTION ring_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY outbox;
    RETURN NULL;
END $$;
CREATE TRIGGER outbox_rings AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION ring_outbox();

-- Which consumer has worked off which event.
CREATE TABLE inbox (
    consumer text NOT NULL,
    event_id uuid NOT NULL,
    heard_at timestamptz NOT NULL,
    PRIMARY KEY (consumer, event_id)
);

-- Pictures drawn; the store keeps them by the hash of their bytes.
CREATE TABLE card (
    lottery  text NOT NULL,
    date     date NOT NULL,
    label    text NOT NULL,
    revision integer NOT NULL,
    format   text NOT NULL,
    lang     text NOT NULL,
    look     text NOT NULL,
    update   integer NOT NULL,
    body     jsonb NOT NULL,
    drawn_at timestamptz NOT NULL,
    PRIMARY KEY (lottery, date, label, revision, format, lang, look)
);

-- Ours at a network. One worker holds it at a time: each holder takes the next fence.
CREATE TABLE account (
    name        text PRIMARY KEY,
    network     text NOT NULL,
    fence       bigint NOT NULL DEFAULT 0,
    worker      text,
    lease_until timestamptz,
    resting     text NOT NULL DEFAULT ''
);

-- What was or will be published. `id` is the key a network may know it by.
CREATE TABLE post (
    id          uuid PRIMARY KEY,
    environment text NOT NULL REFERENCES instance (environment),
    account     text NOT NULL REFERENCES account (name),
    network     text NOT NULL,
    lottery     text NOT NULL,
    date        date NOT NULL,
    label       text NOT NULL,
    revision    integer NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('create', 'edit', 'follow_up', 'remove')),
    state       text NOT NULL CHECK (state IN ('planned', 'sending', 'sent', 'unknown', 'failed', 'held')),
    text        text NOT NULL,
    image       text,
    alt         text NOT NULL DEFAULT '',
    answers     uuid REFERENCES post (id),
    fence       bigint NOT NULL DEFAULT 0,
    attempts    integer NOT NULL DEFAULT 0,
    due_at      timestamptz NOT NULL,
    planned_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    remote_id   text,
    url         text,
    note        text NOT NULL DEFAULT '',
    UNIQUE (account, lottery, date, label, revision, kind)
);
CREATE UNIQUE INDEX post_once ON post (account, lottery, date, label) WHERE kind = 'create';
CREATE INDEX post_to_do ON post (account, due_at) WHERE state IN ('planned', 'sending', 'unknown');
CREATE INDEX post_by_time ON post (planned_at DESC);

-- Events that a consumer could not work off, with the reason; they can be replayed.
CREATE TABLE dead (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    consumer    text NOT NULL,
    stream      text NOT NULL,
    event_id    text NOT NULL,
    envelope    text NOT NULL,
    reason      text NOT NULL,
    deliveries  integer NOT NULL,
    buried_at   timestamptz NOT NULL,
    replayed_at timestamptz
);
CREATE INDEX dead_by_event ON dead (event_id);
"""


def upgrade() -> None:
    """Makes the tables."""
    op.execute(SQL)
