"""Keys of those who read the API: of each only its hash."""

from alembic import op

revision = "0015"
down_revision = "0014"

SQL = """
CREATE TABLE api_key (
    name       text PRIMARY KEY CHECK (name <> ''),
    hint       text NOT NULL,
    hash       bytea NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    scopes     text[] NOT NULL,
    per_minute integer NOT NULL CHECK (per_minute > 0),
    made_at    timestamptz NOT NULL,
    revoked_at timestamptz
);

INSERT INTO serves (revision) VALUES ('0015');
"""


def upgrade() -> None:
    """Makes the table."""
    op.execute(SQL)
