"""Page one is sound for whoever it is about, and it is one page, in every form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import pytest

from nmt_intake.bank.compiling.words import shipped_words
from nmt_intake.interview.events import (
    Client,
    ClientDescribed,
    Event,
    Informant,
    InformantAdded,
    InstanceAdded,
    Opened,
    Rated,
)
from nmt_intake.interview.state import Interview, fold
from nmt_intake.report import Edition, Report, Wanted, compose, to_html, to_pdf
from nmt_intake.report.markdown import cut
from nmt_intake.report.options import LENGTHS, Length
from nmt_intake.scoring import ratings_from, score
from nmt_intake.scoring.suggest import ratings_of
from nmt_intake.vocabulary import FUNCTIONS
from tests.report.small_case import answered, recorder, section, small_bank
from tests.scoring.shipped import norms

LONG = "She was carried about and she hummed all the while, and so did he. " * 300


def opened(**client: object) -> Iterator[Event]:
    told = {"alias": "M.", "birth": "2019-09-14", "interviewed": "2026-11-22", **client}
    yield Opened(client=Client.model_validate(told), **recorder().carried())
    someone = Informant(id="one", relation="grandmother", known_from_months=30)
    yield InformantAdded(informant=someone, **recorder().carried())


def homes(number: int) -> Iterator[Event]:
    for at in range(number):
        name = f"caregiver-{at + 1}"
        yield InstanceAdded(instance=name, label=f"foster home {at + 1}", **recorder().carried())
        value = {"from": at * 2, "to": "now" if at == number - 1 else at * 2 + 2}
        yield answered(f"{name}/people.years", value, recorder())


def tellers(number: int) -> Iterator[Event]:
    for at in range(number):
        someone = Informant(id=f"t{at}", relation="grandmother")
        yield InformantAdded(informant=someone, **recorder().carried())
        yield answered("sleep.usual", ("fine", "some", "much")[at % 3], recorder(), f"t{at}")


def long_words() -> Iterator[Event]:
    for slot in ("strengths_first.good_at", "closing.strength_to_keep"):
        yield answered(slot, LONG, recorder(), words=LONG)
    yield answered("sleep.usual", "much", recorder(), words=LONG)


def told(*events: Event) -> Report:
    interview = fold(small_bank(), events)
    return of(interview)


def of(interview: Interview, edition: Edition | None = None) -> Report:
    ratings, unconfirmed = ratings_of(interview, norms())
    metrics = score(ratings, norms()) if ratings else None
    return compose(interview, ratings, metrics, norms(), unconfirmed, edition=edition)


def rated(age: float, **functions: int) -> Report:
    ratings = ratings_from({"age_months": age, "functions": functions})
    return compose(None, ratings, score(ratings, norms()), norms())


CASES: dict[str, Callable[[], Report]] = {
    "all unknown": lambda: told(*opened(birth=None)),
    "nothing said": lambda: told(*opened()),
    "one rating": lambda: rated(96, sleep=6),
    "six weeks": lambda: rated(1.4, **dict.fromkeys(FUNCTIONS, 1)),
    "six weeks, told": lambda: told(*opened(birth="2026-10-11"), Rated(
        rating="functions.sleep", value=2, **recorder().carried())),
    "eighty years": lambda: rated(965, **dict.fromkeys(FUNCTIONS, 11)),
    "thirty homes": lambda: told(*opened(), *homes(30)),
    "twelve informants": lambda: told(*opened(), *tellers(12)),
    "long words": lambda: told(*opened(alias="M" * 60), *long_words()),
}  # fmt: skip


@cache
def made(case: str) -> Report:
    return CASES[case]()


def first(report: Report) -> str:
    return section(report.markdown, "Summary on one page")


def flat(report: Report) -> str:
    return " ".join(first(report).split())


@pytest.mark.parametrize("case", CASES)
def test_page_one_is_one_page_of_text_and_of_paper(case: str) -> None:
    report = made(case)
    head = report.markdown.partition("\n## 2. ")[0]
    alone = replace(report, markdown=head)

    assert len(head.splitlines()) <= 78
    assert max(map(len, head.splitlines())) <= 100
    if pytest.importorskip("typst"):
        assert re.findall(rb"/Type/Pages/Count (\d+)", to_pdf(alone)) == [b"1"]


@pytest.mark.parametrize("case", CASES)
def test_no_figure_stands_where_nothing_is_rated(case: str) -> None:
    report = made(case)
    for line in report.markdown.splitlines():
        assert not re.search(r"\d – \? – \d", line)
        assert "0 – 50 – 100" not in line
    assert not re.search(r"[4-9]\d\d %|\d{4} %", to_html(report))


def test_under_a_year_there_are_words_and_no_percent() -> None:
    text = first(made("six weeks"))

    assert "6 weeks" in text
    assert "%" not in text.partition("Figures are")[0]
    assert re.search(r"Self-regulation +\S+.*; 12 of 12", text)


def test_the_expected_map_of_a_baby_is_no_row_of_red_boxes() -> None:
    drawing = made("six weeks").drawings["map-small"]
    words = drawing.description

    assert " F, expected" in words or " B, expected" in words or " A, expected" in words
    assert not re.search(r"expected \d+ [ABF]", words)


def test_long_texts_are_cut_with_the_number_that_leads_to_all_of_it() -> None:
    report = made("long words")
    quotes = re.findall(r"“She was carried[^”]*” \(?grandmother _\[\d+\]_", flat(report))

    assert len(quotes) >= 2
    assert all(len(quote) < 160 and "…" in quote for quote in quotes)


def test_informants_of_one_relation_are_told_apart() -> None:
    text = section(made("twelve informants").markdown, "Where informants differ")

    assert "(grandmother 2, was told" in text
    assert "(grandmother 13, was told" in text


def test_the_homes_are_drawn_and_no_running_sentence() -> None:
    report = made("thirty homes")

    assert max(len(each) for each in first(report).split("\n")) <= 100
    assert first(report).count("foster home") <= 2
    assert sum("foster home" in line for line in report.markdown.splitlines()) >= 30
    assert "life-line" in report.drawings


@pytest.mark.parametrize("length", LENGTHS)
def test_a_report_in_spanish_has_no_fixed_text_in_english(length: Length) -> None:
    interview = fold(small_bank(), (*opened(), *homes(3), *tellers(3)))
    text = " ".join(of(interview, Edition(length, "es")).markdown.split())
    english = shipped_words("en").report
    spanish = shipped_words("es").report
    heads = {words.partition("{")[0] for code, words in english.items() if words != spanish[code]}

    assert [head for head in heads if len(head) > 30 and head in text] == []


def test_both_languages_have_every_text_with_the_same_places() -> None:
    english, spanish = (shipped_words(each).report for each in ("en", "es"))
    places = re.compile(r"\{\w+\}")

    assert english.keys() == spanish.keys()
    for code, words in english.items():
        assert sorted(places.findall(words)) == sorted(places.findall(spanish[code])), code


def test_words_are_cut_at_a_space_and_never_longer_than_asked() -> None:
    assert cut("one two three", 8) == "one two …"
    assert cut("x" * 50, 10) == "x" * 10 + " …"
    assert cut("short", 10) == "short"


def test_a_teller_without_a_kind_is_called_nothing() -> None:
    sources = section(made("nothing said").markdown, "Client and sources")

    assert re.search(r"\| grandmother +\| not noted +\|", sources)


def test_the_language_of_the_client_is_what_somebody_said_it_is() -> None:
    someone = ClientDescribed(
        client=Client(alias="M.", birth="2019-09-14", language="es"), **recorder().carried()
    )
    text = told(*opened(), someone).markdown

    assert "Spoken most at home" not in text


def test_what_a_reader_gets_is_never_wider_than_its_policy() -> None:
    unwanted = Wanted(substance=False)
    ratings = ratings_from({"age_months": 96, "adversity": {"infancy": {"substance": 11}}})
    text = compose(None, ratings, score(ratings, norms()), norms(), wanted=unwanted).markdown

    assert "11 severe" not in text
