"""`bank check` reads everything in a bank; the whole table: `python -m tests.bank.planted`."""

from __future__ import annotations

from tests.bank.planted import missed, runs, table


def test_there_are_enough_planted_mistakes() -> None:
    assert len(table()) >= 80


def test_what_stops_a_bank_from_loading_is_found_all_at_once() -> None:
    assert missed(runs(table())["errors"], budget=0.5) == []


def test_what_is_only_doubtful_is_found_beside_the_files_that_are_read_elsewhere() -> None:
    assert missed(runs(table())["loads"], budget=20) == []
