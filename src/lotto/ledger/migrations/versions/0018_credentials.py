"""When an account's credentials end, by its network's word."""

from alembic import op

revision = "0018"
down_revision = "0017"

SQL = """
ALTER TABLE account ADD COLUMN ends_at timestamptz;

INSERT INTO serves (revision) VALUES ('0018');
"""


def upgrade() -> None:
    """Adds the column; older code leaves it as it is."""
    op.execute(SQL)
