"""Several of each service side by side: the work is shared, nothing is doubled, and versions change one at a time."""

import re
import shutil
from pathlib import Path

import pytest

import lotto
from lotto.ledger import schema
from stage import Service, Stage, free_port, until

SERVICES = ("scraper", "relay", "imaker", "publisher", "api")

DONE = {"scraper": "recorded", "imaker": "cards ready"}
"""What the log says of a piece of work that any one of several may take."""


@pytest.fixture
def pair(stage: Stage) -> Stage:
    """A stage with two of each service; the second API has a port of its own."""
    for service in SERVICES:
        for number in ("1", "2"):
            stage.start(service, named=f"{service}-{number}", port=free_port() if number == "2" else None)
    stage.until_at_work(*stage.services)
    return stage


def done(stage: Stage, service: str) -> list[int]:
    """How much each of the two has done."""
    return [stage.services[f"{service}-{number}"].said.count(DONE[service]) for number in ("1", "2")]


def test_two_of_each_share_the_work_and_double_nothing(pair: Stage) -> None:
    while min(map(min, (done(pair, service) for service in DONE))) < 2:
        assert len(pair.played) < 200, {service: done(pair, service) for service in DONE}
        pair.play(2)
        pair.until_quiet()
    assert sum(done(pair, "imaker")) == len(pair.told())
    assert pair.audit() == []
    asked = pair.ask("SELECT source || ' ' || name FROM asked")
    assert len(set(asked)) == len(asked)


def test_a_source_is_asked_no_oftener_by_two_scrapers_than_by_one(stage: Stage) -> None:
    """Between two asks of one address lies the source's pace, whoever asked."""
    for number in ("1", "2"):
        stage.start("scraper", named=f"scraper-{number}")
    draws = stage.play(6)
    until(lambda: stage.told() >= set(draws), "the results are told")
    stage.stop("scraper-1", "scraper-2")
    close = stage.ask(
        """SELECT url FROM (SELECT url, asked_at - lag(answered_at) OVER (PARTITION BY url ORDER BY id) AS wait
                            FROM page_fetch WHERE id > (SELECT min(id) FROM page_fetch)) AS asks
           WHERE wait < interval '0'"""
    )
    assert close == []


def test_a_rolling_restart_stops_nothing(pair: Stage) -> None:
    for service in SERVICES:
        for number in ("1", "2"):
            name = f"{service}-{number}"
            pair.play()
            pair.stop(name)
            pair.play()
            pair.start(service, named=name, port=free_port() if number == "2" else None)
            pair.until_at_work(name)
    pair.until_quiet()
    assert pair.audit() == []


@pytest.fixture
def coming(tmp_path: Path) -> Path:
    """The code of a version to come: as ours, with a migration that expands."""
    folder = tmp_path / "coming"
    shutil.copytree(Path(lotto.__file__).parent, folder / "lotto", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "lotto" / "ledger" / "migrations" / "versions" / "9000_coming.py").write_text(
        f'''
from alembic import op

revision = "9000"
down_revision = "{schema.HEAD}"


def upgrade() -> None:
    op.execute("ALTER TABLE post ADD COLUMN mood text NOT NULL DEFAULT 'fine'")
    op.execute("INSERT INTO serves (revision) VALUES ('9000')")
'''
    )
    code = folder / "lotto" / "ledger" / "schema.py"
    code.write_text(re.sub('^HEAD = ".*"', 'HEAD = "9000"', code.read_text(), flags=re.MULTILINE))
    return folder


def command(stage: Stage, *words: str, code: Path | None = None) -> Service:
    """A command of the house, run to its end against the stage's ledger."""
    environment = {"LOTTO_DATABASE_URL": stage.database_url, "LOTTO_REDIS_URL": stage.redis_url}
    environment |= {"LOTTO_PRACTICE_URL": stage.address, "LOTTO_PRACTICE_CLOCK": str(stage.folder / "world.json")}
    environment |= {"LOTTO_DATA_DIR": str(stage.folder)} | ({"PYTHONPATH": str(code)} if code else {})
    ran = Service(list(words), environment, stage.folder / f"{'-'.join(words)}.log")
    ran.wait(60.0)
    return ran


def test_two_versions_of_the_code_work_on_one_schema_while_one_takes_over_from_the_other(
    stage: Stage, coming: Path
) -> None:
    stage.start(*SERVICES)
    stage.until_at_work(*SERVICES)
    stage.play(2)
    stage.until_quiet()
    assert command(stage, "migrate", code=coming).wait(0) == 0
    assert stage.ask("SELECT version_num FROM alembic_version") == ["9000"]
    for service in SERVICES:
        stage.play()
        stage.replace(service)  # ours, killed in the middle of it, comes back on the newer schema
        stage.play()
        stage.until_quiet()
        stage.until_at_work(service)
        stage.stop(service)
        stage.start(service, code=coming)
        stage.until_at_work(service)
    stage.play(2)
    stage.until_quiet()
    assert stage.audit() == []
    assert command(stage, "migrate").wait(0) == 0
    assert stage.ask("SELECT version_num FROM alembic_version") == ["9000"]
    assert set(stage.ask("SELECT mood FROM post")) == {"fine"}


def test_a_version_that_the_schema_no_longer_serves_says_so_and_does_nothing(stage: Stage, coming: Path) -> None:
    assert command(stage, "migrate", code=coming).wait(0) == 0
    stage.tell(f"DELETE FROM serves WHERE revision = '{schema.HEAD}'")
    refused = command(stage, "scrape", "us_powerball")
    assert refused.wait(0) == 1
    assert f"The ledger's schema is 9000, newer than this Lotto, which needs {schema.HEAD}" in refused.said
    assert "install the newer Lotto" in refused.said
