"""Cards that somebody asked for: what became of each wish, and how the looks are drawn now."""

from alembic import op

revision = "0019"
down_revision = "0018"

SQL = """
-- A look as the image maker has it now; another version of it draws other pictures.
CREATE TABLE look (
    name     text PRIMARY KEY,
    version  text NOT NULL,
    known_at timestamptz NOT NULL
);

-- What became of a wish, by the id of its card_wanted: cards, or the reason why there are none.
CREATE TABLE wish (
    event_id    uuid PRIMARY KEY,
    cards       jsonb NOT NULL,
    reason      text NOT NULL DEFAULT '',
    answered_at timestamptz NOT NULL
);

INSERT INTO serves (revision) VALUES ('0019');
"""


def upgrade() -> None:
    """Adds both tables; older code leaves them as they are."""
    op.execute(SQL)
