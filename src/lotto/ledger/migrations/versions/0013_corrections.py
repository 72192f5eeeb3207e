"""Feeds ask what was corrected lately: an index of those few events. Only adds: older code goes on as it did."""

from alembic import op

revision = "0013"
down_revision = "0012"

SQL = """
CREATE INDEX outbox_corrections ON outbox (lottery, created_at) WHERE type IN ('result_corrected', 'result_voided');

INSERT INTO serves (revision) VALUES ('0013');
"""


def upgrade() -> None:
    """Adds the index."""
    op.execute(SQL)
