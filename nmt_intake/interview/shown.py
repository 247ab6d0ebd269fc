"""What is shown at a question, in words: the options with their keys, how an answer may look.

Every face shows the same; how it looks is its own affair.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, cast

from pydantic import JsonValue

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.model import Question
from nmt_intake.bank.words import Words
from nmt_intake.interview.graph import Part
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.readers import NONE, is_none, offers_none
from nmt_intake.interview.slots import Given
from nmt_intake.interview.speaking import Spoken, labels_of
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import codes_of, in_words

DIFFER: Final = "They differ. Both answers stand."
_HINTS: Final = {
    "number": "a number",
    "age": "14 months, or 2y 3m; a number alone means months",
    "date": "2019-09-14, 2019-09 or 2019",
    "interval": "14 months to 2y 3m, or ... to now",
    "person": "who it is, by relation",
    "text": "their own words",
    "table": "the first of a row; Enter asks for the rest",
}


def begins(interview: Interview, part: Part, slot: str) -> bool:
    """Return whether nothing of this part was spoken of before this slot."""
    for each in part.slots:
        if each == slot:
            return True
        if each in interview.slots:
            return False
    return True


def shown_options(question: Question, said: Spoken, words: Words) -> dict[str, str]:
    """Return codes and labels to choose from; none for kinds that are typed."""
    if BANK_KINDS[question.kind].codes == "yes_no":
        return {code: said.options.get(code, words.answers[code]) for code in ("yes", "no")}
    none = words.answers["none_of_them"]
    more = {NONE: none[:1].upper() + none[1:]} if offers_none(question) else {}
    return {} if question.kind in WRITTEN else {**said.options, **more}


def chosen_of(question: Question, value: JsonValue) -> tuple[str, ...]:
    """Return which of the shown options an answer is."""
    return (NONE,) if is_none(question, value) else codes_of(question, value)


def key_of(question: Question, code: str, place: int) -> str:
    """Return the key that chooses an option: its step on a scale, else its place."""
    if KINDS[question.kind].numbered_by_step and len(code) == 1:
        return code
    return str(place + 1) if place < 9 else "0" if place == 9 else " "


def hint(question: Question, said: Spoken) -> str:
    """Return how an answer that is typed may look."""
    unit = f" of {said.unit}" if said.unit and KINDS[question.kind].spoken == "number" else ""
    return _HINTS.get(question.kind, "words they said, kept beside the answer") + unit


def rows_in_words(question: Question, value: object, words: Words) -> Iterator[str]:
    """Yield the rows of a table as they are read out."""
    labels = {code: words.answers[code] for code in ("yes", "no")}
    for row in cast("Sequence[object]", value) if isinstance(value, list) else ():
        if isinstance(row, dict):
            cells = cast("Mapping[str, JsonValue]", row)
            yield " · ".join(
                in_words(column, cells[column.name], {**labels, **column.options})
                for column in question.columns
                if column.name in cells
            )


def others_in_words(
    interview: Interview, slot: str, question: Question, language: str | None = None
) -> Iterator[str]:
    """Yield what other informants said here, one by one, and whether they differ."""
    words = interview.words(language)
    labels = labels_of(interview, question, language)
    state = interview.said(slot)
    for each in (*state.given, *state.marks):
        if each.informant == interview.speaking:
            continue
        known = interview.informants.get(each.informant or "")
        who = known.relation if known else words.answers["not_named"]
        if isinstance(each, Given):
            basis = f", {words.bases_at_desk[each.basis]}" if each.basis else ""
            yield f"{who}: {in_words(question, each.value, labels)}{basis}"
        else:
            yield f"{who}: {words.missing_at_desk[each.reason]}"
    if state.differs(question):
        yield DIFFER
