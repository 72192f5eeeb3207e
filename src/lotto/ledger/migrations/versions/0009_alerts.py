"""What is in trouble, what the operator was told of it, and what of that has reached him."""

from alembic import op

revision = "0009"
down_revision = "0008"

SQL = """
-- One trouble from its beginning to its end. Of what is not over there is one row for each thing.
CREATE TABLE alert (
    id       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     text NOT NULL CHECK (kind <> ''),
    about    text NOT NULL,
    words    text NOT NULL,
    since    timestamptz NOT NULL,
    begun_at timestamptz NOT NULL,
    seen_at  timestamptz NOT NULL,
    told_at  timestamptz,
    over_at  timestamptz
);
CREATE UNIQUE INDEX alert_open ON alert (kind, about) WHERE over_at IS NULL;

-- What the operator is told, word for word: its id makes a second arrival known.
CREATE TABLE notice (
    id      uuid PRIMARY KEY,
    made_at timestamptz NOT NULL,
    body    jsonb NOT NULL
);

-- A notice on its way to one target. The target's name holds no secret.
CREATE TABLE delivery (
    notice       uuid NOT NULL REFERENCES notice (id),
    target       text NOT NULL,
    attempts     integer NOT NULL DEFAULT 0,
    due_at       timestamptz NOT NULL,
    delivered_at timestamptz,
    given_up_at  timestamptz,
    note         text NOT NULL DEFAULT '',
    PRIMARY KEY (notice, target)
);
CREATE INDEX delivery_due ON delivery (target, due_at) WHERE delivered_at IS NULL AND given_up_at IS NULL;

INSERT INTO serves (revision) VALUES ('0009');
"""


def upgrade() -> None:
    """Makes the three tables."""
    op.execute(SQL)
