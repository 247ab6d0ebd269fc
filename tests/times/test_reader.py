"""The reader of spoken times: the seen list, a record of its own, and laws over utterances."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from nmt_intake.interview.spoken_times import read
from nmt_intake.interview.spoken_times.lexicon import LANGUAGES, lexicon
from nmt_intake.interview.spoken_times.periods import period_said
from nmt_intake.interview.spoken_times.results import CODES
from tests.times.__main__ import LEAST_RIGHT, judged
from tests.times.spoken import FOLDER, contexts, judge

OWN: list[dict[str, Any]] = yaml.safe_load((FOLDER / "own.yaml").read_text("utf-8"))
KINDS = ["age", "date", "interval", "count", "duration", "hours"]
PAGE = Path(__file__).parents[2] / ".readme" / "times.md"

EN = {1: "one", 2: "two", 3: "three", 5: "five", 7: "seven", 11: "eleven", 14: "fourteen"}
ES = {1: "un", 2: "dos", 3: "tres", 5: "cinco", 7: "siete", 11: "once", 14: "catorce"}
WIDENING = {
    "en": [
        "about {}",
        "around {}",
        "roughly {}",
        "maybe {}",
        "I think {}",
        "{} or so",
        "{} I'd say",
        "{}, give or take",
        "probably about {}",
        "{}? something like that",
        "I suppose {}",
    ],
    "es": ["unos {}", "como {}", "más o menos {}", "creo que {}", "{} o así", "quizás {}"],
}
PLAIN = {
    "en": [
        "{}",
        "at {}",
        "she was {}",
        "{} old",
        "{}, it was in the garden",
        "aged {}",
        "exactly {}",
    ],
    "es": ["{}", "tenía {}", "con {}", "a los {}", "{} cuando lo conocí"],
}
UNITS = {
    "en": {"year": 12.0, "month": 1.0, "week": 7 / 30.4375},
    "es": {"año": 12.0, "mes": 1.0, "semana": 7 / 30.4375},
}


def test_the_seen_half_is_read_and_nothing_is_wrong() -> None:
    verdicts = [verdict for _, verdict, _ in judged(read, "seen")]
    assert "wrong" not in verdicts
    assert verdicts.count("right") >= LEAST_RIGHT * len(verdicts)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_stays_read(kind: str) -> None:
    for row in (row for row in OWN if row["kind"] == kind):
        known = {**contexts()[row["case"]], "topic": row.get("topic"), "unit": row.get("unit")}
        got = read(row["words"], kind, known).as_data()
        assert judge(row["expect"], got) == "right", (row, got)


def _units(language: str, unit: str, number: int) -> str:
    if number == 1:
        return unit
    return {"mes": "meses"}.get(unit, f"{unit}s")


amounts = st.tuples(
    st.sampled_from(["en", "es"]), st.sampled_from(sorted(EN)), st.integers(0, 2), st.booleans()
)


def _amount(language: str, number: int, place: int, figures: bool) -> tuple[str, float, float]:
    unit, scale = list(UNITS[language].items())[place]
    words = {"en": EN, "es": ES}[language][number]
    said = f"{number if figures else words} {_units(language, unit, number)}"
    return said, number * scale, (number + 1) * scale


@given(amounts, st.integers(0, 20), st.booleans())
def test_no_word_of_nearness_or_doubt_leaves_out_the_plain_reading(
    amount: tuple[str, int, int, bool], place: int, widens: bool
) -> None:
    language = amount[0]
    said, low, high = _amount(*amount)
    forms = (WIDENING if widens else PLAIN)[language]
    words = forms[place % len(forms)].format(said)
    data = read(words, "age", {"locale": language}).as_data()
    assert "span" in data, (words, data)
    span: Any = data["span"]
    assert span["low"] <= low + 0.01, words
    assert span["high"] is None or span["high"] >= high - 0.01, words
    assert widens or span == {"low": round(low, 2), "high": round(high, 2)}, words


@given(amounts, amounts)
def test_a_range_runs_from_the_low_end_of_the_first_to_the_high_end_of_the_second(
    one: tuple[str, int, int, bool], other: tuple[str, int, int, bool]
) -> None:
    language = one[0]
    first, low, _ = _amount(*one)
    second, begin, high = _amount(language, *other[1:])
    if begin <= low:
        return
    words = {"en": f"between {first} and {second}", "es": f"entre {first} y {second}"}[language]
    data: Any = read(words, "age", {"locale": language}).as_data()
    if "span" in data:  # "between a year and three weeks" may be one amount: then it asks
        assert data["span"] == {"low": round(low, 2), "high": round(high, 2)}, words


@given(st.sampled_from(sorted(EN)), st.integers(0, 2))
def test_bounds_are_on_their_own_side_of_the_number(number: int, place: int) -> None:
    said, low, high = _amount("en", number, place, False)
    spans: dict[str, Any] = {
        form: read(form.format(said), "age", {"locale": "en"}).as_data().get("span")
        for form in ("before {}", "by {}", "after {}", "nearly {}", "at least {}")
    }
    assert spans["before {}"] == {"low": 0, "high": round(low, 2)}
    assert spans["by {}"] == {"low": 0, "high": round(high, 2)}
    assert spans["after {}"] == spans["at least {}"] == {"low": round(low, 2), "high": None}
    assert spans["nearly {}"]["high"] == round(low, 2)


words_of = {
    language: sorted(
        {" ".join(phrase) for each in lexicon(language).phrases.values() for phrase, _ in each}
    )
    for language in LANGUAGES
}


@given(st.integers(0, 10**9), st.sampled_from(KINDS), st.sampled_from(sorted(contexts())))
def test_any_row_of_known_words_gives_an_ordered_span_or_asks(
    seed: int, kind: str, case: str
) -> None:
    chance, known = random.Random(seed), contexts()[case]
    vocabulary = words_of[str(known["locale"])[:2]]
    words = " ".join(chance.choice(vocabulary) for _ in range(chance.randint(1, 7)))
    topic = chance.choice([None, "walks_alone", "two_words", "sleep", "nap"])
    _check_shape(read(words, kind, {**known, "topic": topic}).as_data(), kind)


@given(st.text(max_size=60), st.sampled_from(KINDS), st.sampled_from(sorted(contexts())))
def test_any_text_is_read_without_a_fault(text: str, kind: str, case: str) -> None:
    _check_shape(read(text, kind, contexts()[case]).as_data(), kind)


def _check_shape(data: Any, kind: str) -> None:
    if "ask_back" in data:
        assert data["ask_back"] in CODES
        return
    for ends in (value for value in data.values() if isinstance(value, dict)):
        if ends["high"] is not None:
            half_open = kind in ("age", "interval", "date")
            assert ends["low"] < ends["high"] or (not half_open and ends["low"] == ends["high"])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "words",
    ["", "?", "blue", "asdf qwer", "yes", "ok then", "...", "he likes football", "\u00df" * 400],
)
def test_what_tells_no_time_asks_back(words: str, kind: str) -> None:
    assert "ask_back" in read(words, kind, contexts()["gb"]).as_data()


@pytest.mark.parametrize(
    "words",
    [
        "for two years",
        "it lasted two years",
        "two years later",
        "two months premature",
        "his brother was two years old",
        "two years after the move",
        "at three in the afternoon",
        "two and a bitt",
        "-3 months",
        "hardly two years",
        "before the end of her second year",
        "before the end of 2019",
        "after the beginning of July 2019",
        "not two years",
    ],
)
def test_a_time_that_is_no_age_of_the_client_is_not_taken_for_one(words: str) -> None:
    assert "ask_back" in read(words, "age", contexts()["gb"]).as_data()


def test_each_reason_to_ask_is_on_the_page_and_has_its_sentence_in_each_language() -> None:
    page = PAGE.read_text("utf-8")
    for code in CODES:
        assert f"`{code}`" in page
        assert all(lexicon(language).asks[code] for language in LANGUAGES)


def test_a_period_is_heard_in_spanish_too() -> None:
    assert period_said("cuando tenía tres años le pegó", "es") == "early_childhood"
    assert period_said("de bebé lloraba toda la noche", "es") == "infancy"
