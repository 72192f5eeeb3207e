"""Whoever shows the ledger is told when it changes. Only adds: older code does not listen."""

from alembic import op

revision = "0011"
down_revision = "0010"

SQL = """
-- At every commit, whoever wrote: also history that is told to nobody, and so leaves nothing in the outbox.
CREATE FUNCTION ring_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NOTIFY ledger;
    RETURN NULL;
END $$;
CREATE TRIGGER draw_rings AFTER INSERT OR UPDATE OR DELETE ON draw
    FOR EACH STATEMENT EXECUTE FUNCTION ring_ledger();
CREATE TRIGGER card_rings AFTER INSERT OR UPDATE OR DELETE ON card
    FOR EACH STATEMENT EXECUTE FUNCTION ring_ledger();

INSERT INTO serves (revision) VALUES ('0011');
"""


def upgrade() -> None:
    """Adds the triggers."""
    op.execute(SQL)
