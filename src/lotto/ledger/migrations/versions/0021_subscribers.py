"""People who asked to be told by mail or push, and each message on its way to them."""

from alembic import op

revision = "0021"
down_revision = "0020"

SQL = """
-- Somebody who asked to be told what an account tells. The address is sealed with a key that is not in this database
-- (lotto.seal) and gone once he has left; the mark, made with that key too, finds him again.
CREATE TABLE subscriber (
    id           uuid PRIMARY KEY,
    environment  text NOT NULL REFERENCES instance (environment),
    account      text NOT NULL REFERENCES account (name),
    mark         bytea NOT NULL,
    address      bytea,
    lang         text NOT NULL,
    lotteries    text[] NOT NULL DEFAULT '{}',
    jackpot      numeric CHECK (jackpot > 0),
    currency     text,
    consent      text NOT NULL DEFAULT '',
    asked_at     timestamptz NOT NULL,
    letter_due_at timestamptz,
    confirmed_at timestamptz,
    left_at      timestamptz,
    UNIQUE (account, mark),
    CHECK ((jackpot IS NULL) = (currency IS NULL) AND (left_at IS NULL) = (address IS NOT NULL))
);
CREATE INDEX subscriber_of ON subscriber (account) WHERE confirmed_at IS NOT NULL AND left_at IS NULL;
CREATE INDEX subscriber_letter ON subscriber (letter_due_at) WHERE letter_due_at IS NOT NULL;

-- A post on its way to one of them.
CREATE TABLE subscriber_message (
    post       uuid NOT NULL REFERENCES post (id),
    subscriber uuid NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    state      text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sending', 'sent', 'doubt', 'failed')),
    tries      integer NOT NULL DEFAULT 0,
    due_at     timestamptz NOT NULL,
    planned_at timestamptz NOT NULL,
    settled_at timestamptz,
    note       text NOT NULL DEFAULT '',
    PRIMARY KEY (post, subscriber)
);
CREATE INDEX subscriber_message_due ON subscriber_message (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX subscriber_message_of ON subscriber_message (subscriber);
CREATE INDEX subscriber_message_old ON subscriber_message (settled_at) WHERE settled_at IS NOT NULL;

-- How often what an account must know to get in was changed: a publisher that runs takes it up.
ALTER TABLE account ADD COLUMN changes bigint NOT NULL DEFAULT 0;

INSERT INTO serves (revision) VALUES ('0021');
"""


def upgrade() -> None:
    """Makes the tables; older code leaves them as they are."""
    op.execute(SQL)
