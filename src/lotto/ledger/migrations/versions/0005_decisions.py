"""What persons decide is kept, and a post knows the event it was planned from."""

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = """
-- What a person decided where the house could not, and how the thing stood before and after.
CREATE TABLE decision (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    made_at    timestamptz NOT NULL,
    made_by    text NOT NULL CHECK (made_by <> ''),
    verdict    text NOT NULL,
    reason     text NOT NULL,
    subject    text NOT NULL,
    before     jsonb NOT NULL,
    after      jsonb NOT NULL
);
CREATE INDEX decision_by_subject ON decision (subject, id);
CREATE TRIGGER decision_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The event that told of the result; empty for posts that were planned before this was kept.
ALTER TABLE post ADD COLUMN event_id uuid;
CREATE INDEX post_in_doubt ON post (account, planned_at) WHERE state IN ('unknown', 'held');

INSERT INTO serves (revision) VALUES ('0005');
"""


def upgrade() -> None:
    """Makes the table and the column."""
    op.execute(SQL)
