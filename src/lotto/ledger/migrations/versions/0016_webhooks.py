"""Webhooks: who is to be told what, each message on its way there, and every try. Only adds."""

from alembic import op

revision = "0016"
down_revision = "0015"

SQL = """
-- A server that is told events. Without an owner it is the operator's. The secret is sealed with a key that is not in
-- this database; see lotto.seal.
CREATE TABLE webhook (
    id            uuid PRIMARY KEY,
    environment   text NOT NULL REFERENCES instance (environment),
    owner         text REFERENCES api_key (name),
    url           text NOT NULL CHECK (url <> ''),
    note          text NOT NULL DEFAULT '',
    lotteries     text[] NOT NULL DEFAULT '{}',
    countries     text[] NOT NULL DEFAULT '{}',
    collections   text[] NOT NULL DEFAULT '{}',
    types         text[] NOT NULL DEFAULT '{}',
    statuses      text[] NOT NULL DEFAULT '{}',
    secret        bytea NOT NULL,
    old_until     timestamptz,
    position      bigint NOT NULL,
    made_at       timestamptz NOT NULL,
    resting       text NOT NULL DEFAULT '',
    rested_by     text CHECK (rested_by IN ('owner', 'receiver', 'publisher')),
    rested_at     timestamptz,
    failures      integer NOT NULL DEFAULT 0,
    failing_since timestamptz,
    due_at        timestamptz NOT NULL,
    fence         bigint NOT NULL DEFAULT 0,
    worker        text,
    lease_until   timestamptz,
    CHECK ((resting = '') = (rested_by IS NULL) AND (resting = '') = (rested_at IS NULL))
);
CREATE INDEX webhook_of ON webhook (owner, made_at);

-- One event for one webhook, or a test: on its way until it is delivered or given up.
CREATE TABLE webhook_delivery (
    id          uuid PRIMARY KEY,
    webhook     uuid NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    event_id    uuid REFERENCES outbox (event_id),
    position    bigint,
    state       text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'failed')),
    tries       integer NOT NULL DEFAULT 0,
    trying_since timestamptz,
    planned_at  timestamptz NOT NULL,
    due_at      timestamptz NOT NULL,
    settled_at  timestamptz,
    UNIQUE (webhook, event_id),
    CHECK ((event_id IS NULL) = (position IS NULL) AND (state = 'waiting') = (settled_at IS NULL))
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (webhook, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_newest ON webhook_delivery (webhook, planned_at DESC, id DESC);
CREATE INDEX webhook_delivery_old ON webhook_delivery (settled_at) WHERE state <> 'waiting';

-- Each time it was sent, and what came of it.
CREATE TABLE webhook_try (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery     uuid NOT NULL REFERENCES webhook_delivery (id) ON DELETE CASCADE,
    at           timestamptz NOT NULL,
    milliseconds integer NOT NULL,
    status       integer,
    words        text NOT NULL
);
CREATE INDEX webhook_try_of ON webhook_try (delivery, id);

INSERT INTO serves (revision) VALUES ('0016');
"""


def upgrade() -> None:
    """Makes the three tables."""
    op.execute(SQL)
