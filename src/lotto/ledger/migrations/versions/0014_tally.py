"""Draws are counted by months. Only adds: older code goes on as it did."""

from alembic import op

revision = "0014"
down_revision = "0013"

SQL = """
-- What the published draws of a month come to. It holds while `counted` is `seq`, the newest result of the month that
-- changed published values, and its `rules` are those of the catalogue; it can be made anew from the draws at any time.
CREATE TABLE tally (
    lottery text NOT NULL,
    month   date NOT NULL,
    seq     bigint NOT NULL,
    counted bigint NOT NULL DEFAULT 0,
    rules   text NOT NULL DEFAULT '',
    body    json,
    PRIMARY KEY (lottery, month)
);
CREATE INDEX tally_to_count ON tally (lottery) WHERE counted <> seq;

-- Whoever changes published values, in whatever way, makes the month's tally an old one, in the same transaction.
CREATE FUNCTION outdate_tally() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tally (lottery, month, seq)
        SELECT stands.lottery, date_trunc('month', stands.date)::date, max(stands.seq)
        FROM draw_after AS stands JOIN result USING (seq)
        WHERE result.body->'numbers' <> '{}'
        GROUP BY 1, 2
        ON CONFLICT (lottery, month) DO UPDATE SET seq = excluded.seq;
    ELSE
        INSERT INTO tally (lottery, month, seq)
        SELECT stands.lottery, date_trunc('month', stands.date)::date, max(stands.seq)
        FROM draw_after AS stands JOIN draw_before AS stood USING (lottery, date, label)
        JOIN result AS newer ON newer.seq = stands.seq JOIN result AS older ON older.seq = stood.seq
        WHERE newer.body->'numbers' <> older.body->'numbers'
        GROUP BY 1, 2
        ON CONFLICT (lottery, month) DO UPDATE SET seq = excluded.seq;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER draw_adds_to_tally AFTER INSERT ON draw
    REFERENCING NEW TABLE AS draw_after FOR EACH STATEMENT EXECUTE FUNCTION outdate_tally();
CREATE TRIGGER draw_changes_tally AFTER UPDATE ON draw
    REFERENCING OLD TABLE AS draw_before NEW TABLE AS draw_after FOR EACH STATEMENT EXECUTE FUNCTION outdate_tally();

INSERT INTO tally (lottery, month, seq)
SELECT draw.lottery, date_trunc('month', draw.date)::date, max(draw.seq)
FROM draw JOIN result USING (seq)
WHERE result.body->'numbers' <> '{}'
GROUP BY 1, 2;

INSERT INTO serves (revision) VALUES ('0014');
"""


def upgrade() -> None:
    """Makes the table and its triggers, and marks the months of the draws that are there as to be counted."""
    op.execute(SQL)
