"""Danger is heard in what is typed: recall first, with few offers for nothing, and nothing kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nmt_intake.bank.hearing import FOLDER, read_heard, safety_topics
from nmt_intake.bank.loading import shipped_bank
from nmt_intake.cli import main
from tests.safety.__main__ import false_offers, heard_at_all, outcomes
from tests.safety.sentences import List, written

SHIPPED = str(shipped_bank())


@pytest.mark.parametrize("which", ["seen", "fresh"])
def test_what_was_worked_from_is_heard_with_few_false_offers(which: List) -> None:
    found = outcomes(each for each in written(which) if each.kind != "open")
    heard, named = heard_at_all(found)
    false, harmless = false_offers(found)
    assert heard >= 0.95 * named
    assert false <= harmless / 50


@pytest.mark.parametrize(
    ("words", "topics"),
    [
        ("He never hit me", ()),
        ("no he hits me", ("current_harm",)),
        ("no, he hits me", ("current_harm",)),
        ("nobody knows he hits me", ("current_harm",)),
        ("she doesn't want to kill herself any more", ("self_harm",)),
        ("there are no guns in the house", ()),
        ("I could kill him when he leaves wet towels on the bed", ()),
        ("he said he'd kill me", ("current_harm",)),
        ("HE HAS A GUN", ("weapons",)),
        ("he’s got a shotgnu", ("weapons",)),
        ("she was sucidal", ("self_harm",)),
        ("se quiere suicídar", ("self_harm",)),
        ("", ()),
        ("\x1b[31m[bold]{x}" * 400, ()),
    ],
)
def test_a_sentence_is_offered_its_topics(words: str, topics: tuple[str, ...]) -> None:
    assert safety_topics(SHIPPED, words) == topics


def test_plain_words_are_heard() -> None:
    plain = Path(__file__).with_name("plain.txt").read_text(encoding="utf-8").splitlines()
    assert [each for each in plain if not safety_topics(SHIPPED, each)] == []


def test_search_names_the_safety_topics(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bank", "search", "--json", "--", "he held a knife to my throat"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["safety"] == ["current_harm", "weapons"]


WORDS = """language: en
forms:
  nt: not
dropped: just
telling: danger
sets:
  them: |
    (him|her)
idioms: |
  hit the ball
denial:
  words: not
  between: ever
  subjects: he
  taken_back: |
    any more
families:
  - topic: weapons
    about: a thing
    any: |
      sting~ [them]
"""


@pytest.mark.parametrize(
    ("was", "wrong", "line", "code"),
    [
        ("sting~ [them]", "sting~ [then]", 21, "BANK-043"),
        ("sting~ [them]", "sting~ (him", 21, "BANK-043"),
        ("sting~ [them]", "just", 21, "BANK-043"),
        ("sting~ [them]", ".. him?", 21, "BANK-043"),
        ("sting~ [them]", "(a+)+$", 21, "BANK-043"),
        ("topic: weapons", "topic: weapon", 18, "BANK-043"),
        ("about:", "abuot:", 19, "BANK-007"),
        ("idioms:", "idoms:", 9, "BANK-007"),
        ("    any: |\n      sting~ [them]\n", "", 18, "BANK-006"),
    ],
)
def test_a_slip_in_the_words_is_told_and_the_shipped_words_stand_in(
    was: str, wrong: str, line: int, code: str, tmp_path: Path
) -> None:
    own = tmp_path / FOLDER
    own.mkdir(parents=True)
    (own / "en.yaml").write_text(WORDS)
    assert read_heard(own).problems == ()
    (own / "en.yaml").write_text(WORDS.replace(was, wrong))
    found = [(each.line, each.code) for each in read_heard(own).problems]
    assert (line, code) in found
    assert safety_topics(str(tmp_path), "he has a gun") == ("weapons",)
