"""What follows draws by itself costs as much a draw when many change at once. Only replaces functions."""

from alembic import op

revision = "0017"
down_revision = "0016"

# PostgreSQL keeps the plan of a function's first statements, made for the few draws of an evening. Two lists of changed
# draws were joined by it, each draw of one with each of the other: of the thousands an import changes, some 17 s. So
# nothing here joins them: states before and after are one list, sorted, and results are looked up by their key.
SQL = """
CREATE OR REPLACE FUNCTION change_draw_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most that changes in a draw is not its values.
    PERFORM FROM (SELECT * FROM draw_before UNION ALL SELECT * FROM draw_after) AS one JOIN result USING (seq)
        GROUP BY one.lottery, one.date, one.label
        HAVING min((result.body->'numbers')::text) IS DISTINCT FROM max((result.body->'numbers')::text)
            OR min(one.drawn_at) <> max(one.drawn_at);
    IF FOUND THEN
        DELETE FROM draw_value USING draw_before AS stood JOIN result USING (seq)
            CROSS JOIN published_values(result.body) AS told
        WHERE (draw_value.lottery, draw_value.pool, draw_value.value, draw_value.date, draw_value.drawn_at,
               draw_value.label)
            = (stood.lottery, told.pool, told.value, stood.date, stood.drawn_at, stood.label);
        INSERT INTO draw_value (lottery, pool, value, date, drawn_at, label)
        SELECT stands.lottery, told.pool, told.value, stands.date, stands.drawn_at, stands.label
        FROM draw_after AS stands JOIN result USING (seq) CROSS JOIN published_values(result.body) AS told;
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION outdate_tally() RETURNS trigger LANGUAGE plpgsql AS $$
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
        SELECT lottery, date_trunc('month', date)::date, max(seq)
        FROM (SELECT one.lottery, one.date, one.label, max(one.seq) FILTER (WHERE one.stands) AS seq
              FROM (SELECT *, false AS stands FROM draw_before UNION ALL SELECT *, true FROM draw_after) AS one
              JOIN result USING (seq)
              GROUP BY one.lottery, one.date, one.label
              HAVING min((result.body->'numbers')::text) <> max((result.body->'numbers')::text)) AS changed
        GROUP BY 1, 2
        ON CONFLICT (lottery, month) DO UPDATE SET seq = excluded.seq;
    END IF;
    RETURN NULL;
END $$;

INSERT INTO serves (revision) VALUES ('0017');
"""


def upgrade() -> None:
    """Replaces the functions of two triggers."""
    op.execute(SQL)
