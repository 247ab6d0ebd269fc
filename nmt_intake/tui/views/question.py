"""What to say and what they said: the middle of the interview screen."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from nmt_intake.bank.model import Question
from nmt_intake.interview.graph import Part
from nmt_intake.interview.slots import Given, Mark, SlotState
from nmt_intake.interview.speaking import Spoken, opening_talk, part_title, referral, spoken
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import codes_of, in_words
from nmt_intake.tui import literal

MISSING_WORDS = {
    "asked-unknown": "does not know",
    "asked-declined": "would rather not say",
    "not-asked": "later",
    "temp-unknown": "records requested",
    "not-applicable": "does not apply",
    "masked": "withheld",
}
BASIS_WORDS = {"saw": "saw it", "told": "was told", "read": "read it", "guess": "guess"}
_HINTS = {
    "number": "a number",
    "age": "14 months, or 2y 3m; a number alone means months",
    "date": "2019-09-14, 2019-09 or 2019",
    "interval": "14 months to 2y 3m, or ... to now",
    "person": "who it is, by relation",
    "text": "their own words",
}


def place_title(interview: Interview, slot: str, language: str | None) -> Content:
    """Return the line above the question: the part and its period or person."""
    part = interview.part(slot)
    return literal.line(part_title(interview, part, language), "bold") if part else Content("")


def before(interview: Interview, slot: str, said: Spoken, language: str | None) -> Content:
    """Return what is said before the question: the part's opening talk, and the preface."""
    part = interview.part(slot)
    talk = (
        opening_talk(interview, part, language) if part and _begins(interview, part, slot) else None
    )
    pieces = [literal.spoken(talk)] if talk else []
    if said.preface:
        pieces.append(literal.spoken(said.preface, "italic"))
    return Content("\n\n").join(pieces)


def _begins(interview: Interview, part: Part, slot: str) -> bool:
    """Whether nothing of this part was spoken of before this slot."""
    for each in part.slots:
        if each == slot:
            return True
        if each in interview.slots:
            return False
    return True


def shown_options(question: Question, said: Spoken) -> dict[str, str]:
    """Return codes and labels to choose from; none for kinds that are typed."""
    if question.kind == "yes_no":
        return {"yes": said.options.get("yes", "Yes"), "no": said.options.get("no", "No")}
    return dict(said.options) if question.kind in ("choice", "choices", "scale") else {}


def key_of(question: Question, code: str, place: int) -> str:
    """Return the key that chooses an option: its step on a scale, else its place."""
    if question.kind == "scale" and len(code) == 1:
        return code
    return str(place + 1) if place < 9 else "0" if place == 9 else " "


def option_text(key: str, label: str, *, several: bool, chosen: bool) -> Content:
    """Return one option with its key and whether it is the answer kept."""
    mark = ("[x]" if chosen else "[ ]") if several else ("●" if chosen else " ")
    return Content(f"{mark} {key}  ") + literal.line(label, "bold" if chosen else "")


def hint(question: Question, said: Spoken) -> str:
    """Return how an answer that is typed may look."""
    unit = f" of {said.unit}" if said.unit and question.kind == "number" else ""
    return _HINTS.get(question.kind, "") + unit


def own(state: SlotState, informant: str | None) -> Given | None:
    """Return this informant's answer."""
    return next((each for each in state.given if each.informant == informant), None)


def own_mark(state: SlotState, informant: str | None) -> Mark | None:
    """Return this informant's reason for no answer."""
    return next((each for each in state.marks if each.informant == informant), None)


def after(
    interview: Interview, slot: str, said: Spoken, question: Question, basis: str | None
) -> Content:
    """Return what stands below the answer: state, referral, listen for, words kept, how sure."""
    return literal.lines(
        *_standing(interview, slot, question),
        *_advice(said),
        *_words(interview, slot),
        _sure(basis),
    )


def _standing(interview: Interview, slot: str, question: Question) -> Iterator[Content]:
    state = interview.said(slot)
    truth = interview.truths.get(slot, False)
    if truth is False:
        yield literal.line("Hidden now. What was said is kept and does not count.", "bold")
    elif truth is None:
        yield literal.line("Not decidable yet: it hangs on something not known.", "italic")
    given, mark = own(state, interview.speaking), own_mark(state, interview.speaking)
    if given and question.kind == "table":
        yield from (literal.line(f"· {row}") for row in _table(question, given.value))
    elif given and question.kind not in ("choice", "choices", "yes_no", "scale"):
        yield literal.lines(literal.literal(f"Kept: {in_words(question, given.value)}", "bold"))
    if mark:
        who = f" Ask: {mark.who_knows}" if mark.who_knows else ""
        yield literal.line(f"Marked: {MISSING_WORDS[mark.reason]}.{who}", "bold")
    if given and (say := referral(interview, slot, given.value)):
        yield literal.literal(say, "bold")
    yield from others(interview, slot, question)


def others(interview: Interview, slot: str, question: Question) -> Iterator[Content]:
    """Yield what other informants said here, and whether they differ."""
    state = interview.said(slot)
    for each in (*state.given, *state.marks):
        if each.informant == interview.speaking:
            continue
        known = interview.informants.get(each.informant or "")
        who = known.relation if known else "not named"
        if isinstance(each, Given):
            basis = f", {BASIS_WORDS[each.basis]}" if each.basis else ""
            yield literal.line(f"{who}: {in_words(question, each.value)}{basis}")
        else:
            yield literal.line(f"{who}: {MISSING_WORDS[each.reason]}")
    if state.differs(question):
        yield literal.line("They differ. Both answers stand.", "italic")


def _table(question: Question, value: object) -> Iterator[str]:
    for row in value if isinstance(value, list) else ():
        if isinstance(row, dict):
            yield " · ".join(
                in_words(column, row[column.name])
                for column in question.columns
                if column.name in row
            )


def _advice(said: Spoken) -> Iterator[Content]:
    if said.listen_for:
        yield literal.spoken(f"Listen for: {said.listen_for}", "dim")
    for probe in said.probes:
        yield literal.spoken(f"If it helps: {probe}", "dim")


def _words(interview: Interview, slot: str) -> Iterator[Content]:
    quotes = [note.text for note in interview.notes if note.slot == slot and note.verbatim]
    quotes += [each.words for each in interview.said(slot).given if each.words]
    for words in dict.fromkeys(quotes):
        yield literal.lines(literal.line(f"Words kept: “{words}”"))
    for note in interview.notes:
        if note.slot == slot and not note.verbatim:
            yield literal.line(f"Note: {note.text}")


def _sure(basis: str | None) -> Content:
    marks = "  ".join(
        f"{'●' if code == basis else '○'} {words}" for code, words in BASIS_WORDS.items()
    )
    return literal.line(f"How sure (s): {marks}", "dim")


__all__ = [
    "BASIS_WORDS",
    "MISSING_WORDS",
    "after",
    "before",
    "codes_of",
    "hint",
    "key_of",
    "option_text",
    "others",
    "own",
    "own_mark",
    "place_title",
    "shown_options",
    "spoken",
]
