"""Catch-up: one post may carry a digest, and others be folded into it. Only adds: older code goes on as it did."""

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = """
ALTER TABLE post
    ADD COLUMN digest      text,
    ADD COLUMN folded_into uuid REFERENCES post (id),
    DROP CONSTRAINT post_state_check,
    ADD CONSTRAINT post_state_check
        CHECK (state IN ('planned', 'sending', 'sent', 'unknown', 'failed', 'held', 'folded')),
    ADD CONSTRAINT post_folded CHECK ((state = 'folded') = (folded_into IS NOT NULL));
CREATE INDEX post_by_digest ON post (folded_into) WHERE folded_into IS NOT NULL;

INSERT INTO serves (revision) VALUES ('0004');
"""


def upgrade() -> None:
    """Adds the columns."""
    op.execute(SQL)
