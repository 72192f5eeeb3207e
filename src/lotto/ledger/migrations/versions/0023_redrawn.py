"""Cards know which version of their look drew them; wishes are found by their age."""

from alembic import op

revision = "0023"
down_revision = "0022"

SQL = """
-- The version of its look that painted a card (Renderer.version); empty where it was drawn before this was kept.
ALTER TABLE card ADD COLUMN version text NOT NULL DEFAULT '';

CREATE INDEX wish_old ON wish (answered_at);

INSERT INTO serves (revision) VALUES ('0023');
"""


def upgrade() -> None:
    """Adds the column and the index; older code leaves them as they are."""
    op.execute(SQL)
