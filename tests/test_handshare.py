"""The hand-share kit: what a person shares is whole, and there once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from conftest import run
from lotto.house import wall_clock
from lotto.publisher.networks.handshare import READY, Handshare
from lotto.publisher.networks.network import Sheet

AT = wall_clock()


def sheet(text: str = "Powerball “1, 2, 3”\nsecond line", *, picture: bool = True) -> Sheet:
    shown = (b"\x89PNG picture", "image/png", "The numbers, in words") if picture else ()
    return Sheet(str(uuid4()), text, *shown, planned_at=AT, since=AT - timedelta(days=1))


def test_a_kit_holds_text_picture_and_words_ready_to_copy(tmp_path: Path) -> None:
    ours = sheet()
    posted = run(Handshare(tmp_path, wall_clock).post(ours))
    kit = tmp_path / posted.remote_id
    assert kit.name == f"{AT:%Y-%m-%d %H%M} {ours.key[:8]}"
    assert sorted(one.name for one in kit.iterdir()) == ["alt.txt", "picture.png", READY, "text.txt"]
    assert (kit / "text.txt").read_text() == ours.text
    assert (kit / "picture.png").read_bytes() == ours.image
    assert (kit / "alt.txt").read_text() == "The numbers, in words"


def test_a_repeat_is_the_same_kit_and_one_that_is_not_whole_is_not_there_yet(tmp_path: Path) -> None:
    network, ours = Handshare(tmp_path, wall_clock), sheet()
    first = run(network.post(ours))
    assert run(network.find(ours)) == first
    (tmp_path / first.remote_id / READY).unlink()  # as a crash leaves it
    assert run(network.find(ours)) is None
    assert run(network.post(ours)) == first
    assert len(list(tmp_path.iterdir())) == 1


def test_a_correction_is_a_kit_of_its_own_that_names_the_first(tmp_path: Path) -> None:
    network = Handshare(tmp_path, wall_clock)
    first = run(network.post(sheet()))
    second = run(network.follow_up(first.remote_id, sheet("Corrected", picture=False)))
    assert first.remote_id in (tmp_path / second.remote_id / READY).read_text()
    assert not (tmp_path / second.remote_id / "alt.txt").exists()
    assert not network.removes


def test_a_kit_planned_anew_at_another_minute_is_found(tmp_path: Path) -> None:
    network, ours = Handshare(tmp_path, wall_clock), sheet()
    first = run(network.post(ours))
    assert run(network.find(replace(ours, planned_at=AT + timedelta(minutes=5)))) == first
    assert run(network.find(sheet())) is None
