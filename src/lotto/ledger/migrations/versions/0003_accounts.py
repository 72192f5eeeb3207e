"""Real accounts: their credentials, sealed, and with each post the card it shows.

Both are only added: code that does not know them goes on beside code that does.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

SQL = """
-- Sealed with a key that is not in this database; see lotto.seal.
ALTER TABLE account ADD COLUMN credentials bytea;

-- What was known of the card when the post was planned, and its public address then.
ALTER TABLE post ADD COLUMN card jsonb;
ALTER TABLE post ADD COLUMN card_url text NOT NULL DEFAULT '';

INSERT INTO serves (revision) VALUES ('0003');
"""


def upgrade() -> None:
    """Adds the columns."""
    op.execute(SQL)
