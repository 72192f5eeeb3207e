"""Several of each: scrapers share the memory of what was asked, and code of two versions can share one schema."""

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = """
-- Which versions of the code this schema serves, by the migration each was written for. A migration that expands adds
-- itself; one that takes something away also takes out those who need it.
CREATE TABLE serves (
    revision text PRIMARY KEY
);
INSERT INTO serves (revision) VALUES ('0001'), ('0002');

-- When each source was last asked for what it calls by this name, whichever scraper did.
CREATE TABLE asked (
    source   text NOT NULL,
    name     text NOT NULL,
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (source, name)
);
"""


def upgrade() -> None:
    """Adds the two tables."""
    op.execute(SQL)
