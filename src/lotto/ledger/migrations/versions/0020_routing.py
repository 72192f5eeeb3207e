"""When each post was tried, and whether anything is published at all."""

from alembic import op

revision = "0020"
down_revision = "0019"

SQL = """
-- When the network was last called with it: what an account's rate is counted by.
ALTER TABLE post ADD COLUMN tried_at timestamptz;
CREATE INDEX post_by_try ON post (account, tried_at) WHERE tried_at IS NOT NULL;
CREATE INDEX post_by_day ON post (account, date) WHERE kind = 'create';

-- A person's last word on it: what is append-only tells also who stopped it before, when and why.
CREATE VIEW publishing AS
    SELECT coalesce((SELECT verdict FROM decision WHERE subject = 'publishing' ORDER BY id DESC LIMIT 1), 'start')
           <> 'stop' AS on_air;

INSERT INTO serves (revision) VALUES ('0020');
"""


def upgrade() -> None:
    """Adds the column and the view; older code leaves them as they are."""
    op.execute(SQL)
