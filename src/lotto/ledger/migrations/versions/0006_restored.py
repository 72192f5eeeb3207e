"""A restored ledger knows that it was: what was drawn before may have been published by the instance that was lost."""

from alembic import op

revision = "0006"
down_revision = "0005"

SQL = """
-- The instant of the world at which this ledger was filled from a backup, if it was.
ALTER TABLE instance ADD COLUMN restored_at timestamptz;

INSERT INTO serves (revision) VALUES ('0006');
"""


def upgrade() -> None:
    """Adds the column."""
    op.execute(SQL)
