"""What the report says, and what it leaves out."""

from __future__ import annotations

import re

import pytest

from nmt_intake.interview.events import (
    Answered,
    Client,
    ClientDescribed,
    Rated,
    SafetyRaised,
    Signed,
)
from nmt_intake.interview.state import fold
from nmt_intake.report import Wanted, compose
from nmt_intake.report.options import LENGTHS
from nmt_intake.scoring import Ratings, ratings_from, score
from nmt_intake.vocabulary import FUNCTIONS
from tests.report.small_case import (
    answered,
    client,
    events,
    interview_of,
    recorder,
    report_of,
    section,
    small_bank,
)
from tests.scoring.shipped import norms

SPACE = re.compile(r"\s+")


def flat(text: str) -> str:
    return SPACE.sub(" ", text)


def of_ratings(ratings: Ratings, unconfirmed: frozenset[str] = frozenset()) -> str:
    metrics = score(ratings, norms())
    return compose(None, ratings, metrics, norms(), unconfirmed).markdown


def functions_at(age: float, **rated: int) -> str:
    return of_ratings(ratings_from({"age_months": age, "functions": rated}))


# The first page and the sources


def test_headings_are_numbered_without_gaps_and_appendices_lettered() -> None:
    titles = re.findall(r"^## (.+)", report_of(interview_of()).markdown, re.MULTILINE)
    numbers = [title.split(".")[0] for title in titles if not title.startswith("Appendix")]

    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]
    assert [title for title in titles if title.startswith("Appendix")] == [
        "Appendix A. The answers behind the figures"
    ]
    assert titles[0] == "1. Summary on one page"


def test_the_report_opens_with_the_good_thing_that_was_named_but_for_safety() -> None:
    first = section(report_of(interview_of(words="she shares")).markdown, "Summary").splitlines()

    assert first[2].startswith("**Safety first:** 1 concern not acknowledged yet: Is anyone")
    good = first.index("- **Good, and loved:**")
    assert re.fullmatch(r"  - “she shares” \(she shares 1 _\[\d+\]_\)", first[good + 1])


def test_a_draft_is_called_a_draft_until_it_is_signed() -> None:
    draft = report_of(interview_of()).markdown
    signed = report_of(interview_of(Signed(by="clinician", **recorder().carried()))).markdown

    assert "Draft, not signed." in section(draft, "Summary")
    assert "Signed." in section(signed, "Summary")
    assert "Draft" not in section(signed, "Summary")


def test_sources_say_who_told_what_about_when_on_which_basis() -> None:
    record = report_of(interview_of(words="aunt"), length="record")
    sources = section(record.markdown, "Client and sources")
    row = next(line for line in sources.splitlines() if "| Infancy" in line)

    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "aunt 1",
        "Infancy",
        "",
        "3",
        "",
        "",
        "",
    ]


# Figures


def test_every_figure_that_rests_on_a_suggestion_carries_the_mark() -> None:
    both = answered("infancy/care.hard", "much", recorder(), informant="two")
    text = report_of(interview_of(both)).markdown
    lines = text.splitlines()
    infancy = next(line for line in lines if line.startswith("| Infancy   "))
    sleep = next(line for line in lines if line.startswith("|    8 |") or "   8 | " in line[:8])
    domain = next(line for line in lines if "| **Self-regulation**" in line)

    assert re.search(r"\| Neglect +\| 8\* moderate _\[\d+\]_", section(text, "Who was there"))
    assert infancy.count("*") == 4  # sum, rated, severe and risk; nothing relational is rated
    assert sleep.replace("**", "").count("*") == 2  # the rating and its share
    assert domain.replace("**", "").count("*") == 3  # rated, share and sum
    assert "suggestions that nobody has confirmed (\\*)" in flat(text)


def test_a_confirmed_rating_carries_no_mark() -> None:
    text = report_of(interview_of()).markdown

    row = r"\| +15 \| \*\*Pleasure and reward\*\* +\| 5 F +\| +10.1 \| Far below, 49 % +\|"
    assert re.search(row, text)


def test_a_centre_never_stands_without_its_interval() -> None:
    first = section(functions_at(96, sleep=6), "Summary")
    row = next(line for line in first.splitlines() if line.startswith("  Self-regulation"))

    assert re.search(r"\d+ – \d+ – \d+ %", row)


def test_under_a_year_there_are_ratings_and_words_but_no_percent() -> None:
    text = functions_at(8, sleep=4, speech=1)
    measured = section(text, "Domains and functions")
    assert re.search(r"Sleep[* ]+\| 4 B +\| +[\d.]+ \| Below +\|", measured)
    assert not re.search(r"\d %", measured)
    assert "Under twelve months percentages say little" in flat(text)


def test_a_domain_without_ratings_says_so_and_has_no_level() -> None:
    text = section(functions_at(96, sleep=6), "Domains")

    assert "Nothing is rated here yet, so there is no centre and no level." in text
    assert re.search(r"\*\*Cognitive\*\* +\| 0 of 8 +\| +\*\*[\d.]+\*\* \| \*\*not rated\*\*", text)


def test_an_interval_over_a_cut_off_says_that_the_level_is_not_settled() -> None:
    text = flat(section(functions_at(96, sleep=6), "Domains"))

    assert "crosses a cut-off, so the level is not settled: 11 of 12 functions" in text


def test_a_centre_that_nothing_can_reach_is_called_out() -> None:
    text = flat(section(functions_at(6, reward=1), "Domains"))

    assert "**Relational.** The centre follows the rated functions alone" in text
    assert "Read the interval, not the centre." in text


def test_at_an_age_with_a_high_floor_the_level_is_said_to_mean_little() -> None:
    text = flat(section(functions_at(1, speech=1), "Domains"))

    assert "At this age even the lowest ratings come to a large part of what is expected." in text
    assert "At this age even" not in functions_at(96, speech=1)


def test_a_pattern_shows_only_where_it_holds_and_only_as_one_to_consider() -> None:
    def rated(cognitive: int, others: int) -> str:
        found = {
            name: cognitive if norms().functions[name].domain == "cognitive" else others
            for name in FUNCTIONS
        }
        return functions_at(400, **found)

    shown = section(rated(12, 4), "pattern to consider")

    assert "A pattern to consider, not a finding." in flat(shown)
    assert "these thresholds are ours" in flat(shown)
    assert "pattern to consider\n" not in rated(12, 12)


def test_history_counts_severe_and_poor_of_what_was_rated() -> None:
    ratings = ratings_from(
        {
            "age_months": 30,
            "adversity": {"infancy": {"neglect": 11, "violence": 3}},
            "relational": {"infancy": {"safety": 2}},
        }
    )
    text = section(of_ratings(ratings), "History by period")
    row = next(line for line in text.splitlines() if line.startswith("| Infancy"))

    assert [cell.strip() for cell in row.split("|")[1:-1]] == [
        "Infancy",
        "18 – 40 – 62",
        "2 of 6",
        "1 of 2",
        "7 – 34.5 – 62",
        "1 of 6",
        "1 of 1",
        "17 – 54 – 92",
    ]


def test_adversity_always_stands_beside_relational_health() -> None:
    text = section(report_of(interview_of()).markdown, "Who was there")
    headers = [line for line in text.splitlines() if line.startswith("| Adversity")]

    assert headers
    assert all("Relational health" in line for line in headers)


def test_a_period_in_which_nobody_named_help_says_so() -> None:
    text = section(report_of(interview_of()).markdown, "Who was there")

    assert "Nothing is noted yet about what went well and who helped." in flat(text)


# What is told


def test_informants_who_differ_stand_side_by_side() -> None:
    text = section(report_of(interview_of(words="aunt")).markdown, "Where informants differ")
    told = text[text.index("go without") :]

    assert "**Often** (aunt 1, was told, fairly sure)" in told
    assert "**At times** (aunt 2, was told, fairly sure)" in told


def test_a_doctor_is_told_what_the_bank_says_with_the_answer_behind_it() -> None:
    text = section(report_of(interview_of()).markdown, "doctor")

    assert "- Tell a doctor about the nights." in text
    assert "**Much trouble**" in text


def test_what_is_unknown_is_grouped_by_reason_with_who_may_know() -> None:
    text = section(report_of(interview_of(words="the midwife")).markdown, "What is not known")
    groups = re.findall(r"^### [\d.]+ (.+)", text, re.MULTILINE)

    assert groups == [
        "Records requested",
        "To find out",
        "Not asked",
        "Chose not to answer",
        "Known but withheld",
    ]
    assert "Who may know: the midwife." in text


def test_each_answer_has_source_basis_confidence_words_and_changes() -> None:
    change = answered("strengths_first.good_at", "drawing", recorder(), words="all day")
    record = report_of(interview_of(change, words="aunt"), length="record")
    text = section(record.markdown, "Answers in full")

    expected = "**drawing** (aunt 1, was told, fairly sure; changed 1 time) “all day”"
    assert expected in flat(text)


def test_an_answer_behind_a_closed_branch_is_kept_and_marked() -> None:
    well = [answered("sleep.usual", "fine", recorder(), informant=who) for who in ("one", "two")]
    text = section(report_of(interview_of(*well), length="record").markdown, "Answers in full")

    closed = "What are the nights like? (branch closed: kept, and left out of every figure)"
    assert closed in flat(text)


def test_counts_are_given_as_answered_and_asked() -> None:
    text = section(report_of(interview_of(), length="record").markdown, "Answers in full")

    assert "Answered 2 / asked 2." in text
    assert "yes-or-no questions" not in text  # none of this bank's are


def test_a_rating_can_be_traced_to_rule_and_answers() -> None:
    record = report_of(interview_of(words="aunt"), length="record").markdown
    told = flat(section(record, "Ratings and what they rest on"))
    number = re.search(r"_\[(\d+)\]_ How does aunt sleep\?", flat(record))

    assert number
    assert f"**Sleep**: 4, suggested, not confirmed* _[{number[1]}]_" in told
    assert "**Neglect**: not rated" in told
    assert "Rules suggest 1 to 9 (N1, N2): Went without often. Or: Nothing of the kind" in told
    assert "**Often** (aunt 1, was told, fairly sure) “aunt”" in flat(record)
    assert "Informants differ. → Neglect" in flat(record)
    assert "**Caregiver's use of alcohol or drugs**: 7, suggested, not confirmed*" in told
    assert "**Pleasure and reward**: 5, rated by the clinician" in told


def test_results_of_others_stand_in_a_table_of_their_own() -> None:
    text = section(report_of(interview_of(words="a test")).markdown, "Other assessments")

    assert re.search(r"\| a test +\| a test +\| a test 1, was told, fairly sure \|", text)
    assert "Nothing here enters a figure." in text


# What a copy leaves out


def test_substance_answers_can_be_left_out_with_what_would_tell_them() -> None:
    whole = report_of(interview_of(), length="record").markdown
    copies = [report_of(interview_of(), Wanted(substance=False), each).markdown for each in LENGTHS]

    assert "Was somebody drinking?" in whole
    assert "Drinking was told of." in whole
    for copy in copies:
        assert "Was somebody drinking?" not in copy
        assert "Drinking was told of." not in copy
    assert "This copy leaves out what was said about substance use" in copies[0]
    assert re.search(r"use of alcohol or drugs +\| left out", copies[1])
    assert re.search(r"use of alcohol or drugs\*\*: left out of this copy", copies[2])


def test_words_of_safety_notes_stay_in_the_case_unless_wanted() -> None:
    note = SafetyRaised(
        topic="weapons", note="in the shed", informed="the one on duty", **recorder().carried()
    )
    said = answered("safety_now.harm", "yes", recorder(), words="he hit me")
    interview = interview_of(note, said)
    quiet, full = report_of(interview), report_of(interview, Wanted(safety_words=True))

    assert "weapons" in section(quiet.markdown, "Safety notes")
    assert "the one on duty" in section(quiet.markdown, "Safety notes")
    assert "**open**" in section(quiet.markdown, "Safety notes")
    for words in ("in the shed", "he hit me"):
        assert words not in quiet.markdown
        assert words in full.markdown


def test_the_client_goes_by_initials_and_the_name_is_taken_out_of_words() -> None:
    said = answered("strengths_first.good_at", "Milo sings; Milos does not", recorder())
    told = [*events(), said, ClientDescribed(client=client("M."), **recorder().carried())]
    text = report_of(fold(small_bank(), told)).markdown

    assert "M. sings; Milos does not" in text
    assert not re.search(r"\bMilo\b", text)
    assert "2019-09-14" in text


def test_a_pseudonym_hides_initials_name_and_birth_date() -> None:
    told = [*events(), ClientDescribed(client=client("Q.Z."), **recorder().carried())]
    text = report_of(fold(small_bank(), told), Wanted(name="Robin")).markdown

    assert text.startswith("# Intake report: Robin\n")
    for hidden in ("Q.Z.", "Milo", "2019-09-14"):
        assert hidden not in text


# Cases that are not whole


def test_a_bank_without_ratings_gives_a_report_of_its_answers() -> None:
    from dataclasses import replace

    bank = replace(small_bank(), ratings=())
    interview = fold(bank, [each for each in events("aunt") if not isinstance(each, Rated)])
    text = report_of(interview).markdown

    assert "No ratings yet." in flat(text)
    assert "Appendix A. Answers in full" in text
    assert "**Much trouble** (aunt 1, was told, fairly sure) “aunt”" in flat(text)
    for absent in ("brain map", "History by period", "~~~~text map"):
        assert absent not in text


def test_without_an_age_nothing_is_compared_and_the_report_says_so() -> None:
    nobody = ClientDescribed(client=Client(alias="M."), **recorder().carried())
    text = report_of(interview_of(nobody)).markdown

    assert "The age is not known, so nothing is compared with an age." in text
    assert "brain map" not in text


def test_ratings_alone_give_a_report_without_answers() -> None:
    text = functions_at(96, sleep=6)

    assert "Source:** a file of ratings only" in text
    assert "Appendix" not in text


def test_another_bank_in_the_record_is_told() -> None:
    def moved(event: Answered) -> Answered:
        return event.model_copy(update={"bank_hash": "feed", "bank_version": "0"})

    said = moved(answered("strengths_first.good_at", "x", recorder()))
    text = section(report_of(interview_of(said)).markdown, "Versions")

    assert f"version 1, hash {small_bank().hash}" in flat(text)
    assert "another bank: version 0, hash feed." in flat(text)


def test_the_report_says_what_it_is_not() -> None:
    text = flat(section(report_of(interview_of()).markdown, "Limits"))

    for words in (
        "not affiliated",
        "not certified",
        "Not validated, not normed",
        "interchangeable",
    ):
        assert words in text
    assert "All conclusions are the clinician's own." in text


@pytest.mark.parametrize("name", ["bank", "domain key", "expectation", "bands"])
def test_versions_are_printed(name: str) -> None:
    assert re.search(rf"\b{name} \d", flat(section(functions_at(96, sleep=6), "Versions")))


def test_the_same_case_gives_the_same_report() -> None:
    interview = interview_of()

    assert report_of(interview) == report_of(interview)
