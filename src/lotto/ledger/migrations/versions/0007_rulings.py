"""Persons rule on draws: the decision names the result that carries it; of a void draw several posts may be removed."""

from alembic import op

revision = "0007"
down_revision = "0006"

SQL = """
-- The result in the chain that carries a decision on a draw; empty for decisions on anything else.
ALTER TABLE decision ADD COLUMN seq bigint UNIQUE REFERENCES result (seq);

-- A void draw's posts are removed each by its own: the first, and the corrections that followed it.
ALTER TABLE post
    DROP CONSTRAINT post_account_lottery_date_label_revision_kind_key,
    ADD CONSTRAINT post_once_a_revision
        UNIQUE NULLS NOT DISTINCT (account, lottery, date, label, revision, kind, answers);
CREATE INDEX post_by_answered ON post (answers) WHERE answers IS NOT NULL;

INSERT INTO serves (revision) VALUES ('0007');
"""


def upgrade() -> None:
    """Adds the column and widens the rule."""
    op.execute(SQL)
