"""The watch remembers how each ask went: since when a source is blocked, silent or changed, and until when it rests."""

from alembic import op

revision = "0008"
down_revision = "0007"

SQL = """
-- How the last ask for this name went, since when asks go so without a break, how many in a row brought nothing, and
-- before when the server wants no other. Null and zero where a version before this one asked.
ALTER TABLE asked
    ADD COLUMN outcome    text CHECK (outcome IN ('read', 'objected', 'unchanged', 'not_yet', 'changed', 'failed',
                                                  'blocked')),
    ADD COLUMN since      timestamptz,
    ADD COLUMN failures   integer NOT NULL DEFAULT 0,
    ADD COLUMN note       text NOT NULL DEFAULT '',
    ADD COLUMN wait_until timestamptz;

-- A page that was denied to us is no longer one that merely failed.
ALTER TABLE page_fetch DROP CONSTRAINT page_fetch_outcome_check;
ALTER TABLE page_fetch ADD CONSTRAINT page_fetch_outcome_check CHECK
    (outcome IN ('read', 'objected', 'unchanged', 'not_yet', 'changed', 'failed', 'blocked')) NOT VALID;
ALTER TABLE page_fetch VALIDATE CONSTRAINT page_fetch_outcome_check;

INSERT INTO serves (revision) VALUES ('0008');
"""


def upgrade() -> None:
    """Adds the columns and the outcome."""
    op.execute(SQL)
