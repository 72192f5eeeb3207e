"""The pictures of a digest."""

from alembic import op

revision = "0022"
down_revision = "0021"

SQL = """
-- What a digest shows, fixed with its text: a list of cards with their public addresses; empty where it is text alone.
ALTER TABLE post ADD COLUMN board jsonb NOT NULL DEFAULT '[]';

INSERT INTO serves (revision) VALUES ('0022');
"""


def upgrade() -> None:
    """Adds the column; older code leaves it as it is."""
    op.execute(SQL)
