"""Pages that were imported are told from pages that we asked for. Only adds: older code goes on as it did."""

from alembic import op

revision = "0010"
down_revision = "0009"

SQL = """
-- Somebody else asked for it: it is evidence, and says nothing of how our own asking goes.
ALTER TABLE page_fetch ADD COLUMN imported boolean NOT NULL DEFAULT false;

INSERT INTO serves (revision) VALUES ('0010');
"""


def upgrade() -> None:
    """Adds the column."""
    op.execute(SQL)
