"""When an untouched desk must lock, by two clocks that a test holds."""

from __future__ import annotations

from nmt_intake.tui.vault.idle import Idle


class Clock:
    def __init__(self, at: float) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def idle() -> tuple[Idle, Clock, Clock]:
    monotonic, wall = Clock(50.0), Clock(1_800_000_000.0)
    return Idle(monotonic, wall), monotonic, wall


def test_ten_minutes_without_a_key_are_due_and_not_a_second_before() -> None:
    watch, monotonic, wall = idle()
    monotonic.at, wall.at = 649.9, wall.at + 599.9
    assert not watch.due(10)
    monotonic.at += 0.2
    assert watch.due(10)


def test_a_key_begins_anew() -> None:
    watch, monotonic, _ = idle()
    monotonic.at += 599
    watch.touched()
    monotonic.at += 599
    assert not watch.due(10)


def test_a_computer_that_slept_counts_the_time_it_slept() -> None:
    watch, _, wall = idle()
    wall.at += 3600
    assert watch.due(10)


def test_a_clock_that_was_set_back_does_not_help() -> None:
    watch, monotonic, wall = idle()
    wall.at -= 7200
    monotonic.at += 601
    assert watch.due(10)


def test_nought_minutes_never_lock() -> None:
    watch, monotonic, _ = idle()
    monotonic.at += 1e9
    assert not watch.due(0)
