"""What a reader must not have is in nothing that the reader gets: by tag, by kind, by limit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import product

import pytest

from nmt_intake.bank.loading import shipped_bank
from nmt_intake.errors import IntakeError
from nmt_intake.interview.graph import split_slot
from nmt_intake.interview.state import Interview
from nmt_intake.rehearsal.play import play_persona
from nmt_intake.report import Edition, Report, compose_copy
from nmt_intake.report.case_export import export_csv, export_json
from nmt_intake.report.disclosure import CLASSROOM, copy_of, policy_for
from nmt_intake.report.options import Length, Policy, Recipient
from nmt_intake.report.pdf import source_of
from nmt_intake.report.private_words import words_kept_back
from nmt_intake.scoring.assessment import norms_of
from tests.banks import shipped
from tests.reading_level import grade

READERS: tuple[Recipient, ...] = ("family", "school")
LENGTHS: tuple[Length, ...] = ("summary", "report")
ALLOWED = {f"functions.{name}" for name in CLASSROOM}


@cache
def played() -> Interview:
    path = shipped_bank() / "personas" / "grandmother.yaml"
    return play_persona(path, shipped(), "tester", date(2026, 11, 22)).interview


@cache
def report(reader: Recipient, length: Length) -> Report:
    interview = played()
    copy = copy_of(interview, norms_of(shipped()), policy_for(reader, interview, Policy()))
    return compose_copy(copy, edition=Edition(length))


@cache
def everything(reader: Recipient) -> Mapping[str, str]:
    """Every form of every length, and the exports, as one line of words each."""
    policy = policy_for(reader, played(), Policy())
    found = {
        "export.json": json.dumps(export_json(played(), policy), ensure_ascii=False),
        "export.csv": export_csv(played(), policy),
    }
    for length in LENGTHS:
        made = report(reader, length)
        found |= {f"{length}.{form}": str(made.rendered(form)) for form in ("md", "html", "json")}
        found[f"{length}.typ"] = source_of(made)
    return {name: re.sub(r"[\s\\|]+", " ", re.sub(r"<[^>]*>", "", text))
            for name, text in found.items()}  # fmt: skip


def told(wanted: str) -> Iterator[str]:
    """The words of every answer of a kind that a reader must not have."""
    interview = played()
    for slot, state in interview.slots.items():
        question = interview.question(slot)
        if question is None:
            continue
        period = split_slot(slot)[0]
        kinds = {
            "substance": "substance" in question.tags,
            "third_party": "third_party" in question.tags,
            "history": bool(period) or question.block in ("family_before", "birth", "milestones"),
            "safety": question.block == "safety_now" or bool(question.safety),
            "private body": question.block in ("psychosexual", "autonomic", "neuroendocrine"),
            "people": question.block == "people_today",
            "talk": question.block in ("welcome", "consent", "who_is_who"),
        }
        if kinds[wanted]:
            for given in state.given:
                yield from (each for each in (given.words, given.value)
                            if isinstance(each, str) and each.count(" ") > 2)  # fmt: skip


NOT_FOR = {
    "school": ("substance", "third_party", "history", "safety", "private body", "people", "talk"),
    "family": ("substance", "third_party"),
}


@pytest.mark.parametrize(
    ("reader", "kind"), [(reader, kind) for reader in READERS for kind in NOT_FOR[reader]]
)
def test_what_a_reader_must_not_have_is_nowhere(reader: Recipient, kind: str) -> None:
    secrets = {" ".join(words.split())[:40] for words in told(kind)}

    assert secrets or kind in ("third_party", "private body", "safety")
    for name, text in everything(reader).items():
        assert [each for each in secrets if each in text] == [], name


@pytest.mark.parametrize("reader", READERS)
def test_a_stated_limit_is_heeded_in_every_form(reader: Recipient) -> None:
    """She said: the teacher, but not the part about my son."""
    assert any("son" in str(given.value) for given in played().answers("consent.share_with"))
    for name, text in everything(reader).items():
        if name.startswith("export") or not name.endswith("typ"):
            assert not re.search(r"\b(?:my|her|his) sons?\b", text), name


def test_a_school_gets_no_rating_and_no_figure_of_the_past_nor_of_the_body() -> None:
    policy = policy_for("school", played(), Policy())
    copy = copy_of(played(), norms_of(shipped()), policy)
    ratings = copy.ratings
    assert ratings is not None
    assert not any(ratings.adversity.values())
    assert not any(ratings.relational.values())
    assert not ratings.relationships
    assert {f"functions.{name}" for name in ratings.functions} <= ALLOWED
    assert "safety" not in json.loads(everything("school")["report.json"])


@pytest.mark.parametrize(("reader", "length"), product(READERS, LENGTHS))
def test_strengths_come_first_and_no_number_stands_without_its_word(
    reader: Recipient, length: Length
) -> None:
    text = report(reader, length).markdown
    titles = re.findall(r"^## \d+\. (.+)", text, re.MULTILINE)
    words = re.sub(r"~~~~.*?~~~~", "", text, flags=re.DOTALL)

    assert titles[1] == "What is good"
    assert not re.search(r"\d+ %|\d – \d|\d of \d", words)
    assert not re.search(r"_\[\d+\]_|adversity|\brisk|dysfunction|disorder", words, re.IGNORECASE)


@pytest.mark.parametrize("reader", READERS)
def test_it_reads_easily(reader: Recipient) -> None:
    text = report(reader, "report").markdown
    prose = re.sub(r"~~~~.*?~~~~|^[#|].*$|\*", "", text, flags=re.DOTALL | re.MULTILINE)

    assert grade(prose) <= 6.5


@pytest.mark.parametrize("reader", READERS)
def test_the_record_goes_to_no_family_and_no_school(reader: Recipient) -> None:
    with pytest.raises(IntakeError, match="DISCLOSE-004"):
        report(reader, "record")


@pytest.mark.parametrize(
    ("limit", "kept", "free"),
    [
        ("The teacher, but not the part about my son.", "He hit my son once.", "He sings a song."),
        ("Not the court. And nothing about the divorce", "After the divorce", "At court"),
        ("La maestra, pero no lo de mi hermano.", "Su hermano lo sabe", "Canta en el coche"),
    ],
)  # fmt: skip
def test_a_limit_keeps_back_what_it_names(limit: str, kept: str, free: str) -> None:
    found = words_kept_back(limit)
    assert found is not None
    assert found.search(kept)
    assert "court" in limit or not found.search(free)


def test_a_limit_that_names_nothing_keeps_nothing_back() -> None:
    for limit in ("The doctor and the teacher.", "No, everybody may read it.", "Not the teacher."):
        assert words_kept_back(limit) is None
