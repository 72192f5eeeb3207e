"""Reads that cost the same in a large ledger as in a small one. Only adds: older code goes on as it did."""

from alembic import op

revision = "0011"
down_revision = "0010"

SQL = """
-- The order in which a lottery's draws are read, forth and back: by day, instant and label.
CREATE INDEX draw_by_day ON draw (lottery, date, drawn_at, label) INCLUDE (status);
CREATE INDEX draw_by_label ON draw (lottery, label, date, drawn_at) INCLUDE (status);
CREATE INDEX draw_not_confirmed ON draw (lottery, status, date, drawn_at, label) WHERE status <> 'confirmed';

-- Which draws published a value, in the same order. It follows `draw` by itself, whatever version of the code writes
-- that, and a backup leaves it out.
CREATE TABLE draw_value (
    lottery  text NOT NULL,
    pool     text NOT NULL,
    value    text NOT NULL,
    date     date NOT NULL,
    drawn_at timestamptz NOT NULL,
    label    text NOT NULL,
    PRIMARY KEY (lottery, pool, value, date, drawn_at, label)
);

CREATE FUNCTION published_values(body jsonb) RETURNS TABLE (pool text, value text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 8 AS $$
    SELECT DISTINCT of_pool.key, one.value
    FROM jsonb_each(body->'numbers') AS of_pool, jsonb_array_elements_text(of_pool.value) AS one (value)
$$;

CREATE FUNCTION keep_draw_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO draw_value (lottery, pool, value, date, drawn_at, label)
    SELECT stands.lottery, told.pool, told.value, stands.date, stands.drawn_at, stands.label
    FROM draw_after AS stands JOIN result USING (seq) CROSS JOIN published_values(result.body) AS told;
    RETURN NULL;
END $$;

CREATE FUNCTION change_draw_values() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Most that changes in a draw is not its values.
    PERFORM FROM draw_after AS stands JOIN draw_before AS stood USING (lottery, date, label)
        JOIN result AS newer ON newer.seq = stands.seq JOIN result AS older ON older.seq = stood.seq
        WHERE newer.body->'numbers' IS DISTINCT FROM older.body->'numbers' OR stands.drawn_at <> stood.drawn_at;
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

CREATE TRIGGER draw_has_values AFTER INSERT ON draw
    REFERENCING NEW TABLE AS draw_after
    FOR EACH STATEMENT EXECUTE FUNCTION keep_draw_values();
CREATE TRIGGER draw_changes_values AFTER UPDATE ON draw
    REFERENCING OLD TABLE AS draw_before NEW TABLE AS draw_after
    FOR EACH STATEMENT EXECUTE FUNCTION change_draw_values();

INSERT INTO draw_value (lottery, pool, value, date, drawn_at, label)
SELECT draw.lottery, told.pool, told.value, draw.date, draw.drawn_at, draw.label
FROM draw JOIN result USING (seq) CROSS JOIN published_values(result.body) AS told;

-- How a source last went, whatever was imported of it since; a draw's posts; posts of one state, newest first.
CREATE INDEX page_fetch_of_ours ON page_fetch (source, id DESC) WHERE NOT imported;
CREATE INDEX post_by_draw ON post (lottery, date, label);
CREATE INDEX post_by_state ON post (state, planned_at, id);

INSERT INTO serves (revision) VALUES ('0011');
"""


def upgrade() -> None:
    """Makes the table, what fills it, and the indexes."""
    op.execute(SQL)
