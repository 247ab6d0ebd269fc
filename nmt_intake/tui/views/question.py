"""What to say and what they said: the middle of the interview screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast

from pydantic import JsonValue
from textual.content import Content

from nmt_intake.bank.kinds import KINDS as BANK_KINDS
from nmt_intake.bank.model import Question
from nmt_intake.bank.wording import fill
from nmt_intake.bank.words import Words
from nmt_intake.interview import walk
from nmt_intake.interview.graph import Part
from nmt_intake.interview.kinds import KINDS
from nmt_intake.interview.slots import Given, Mark, SlotState
from nmt_intake.interview.speaking import (
    Spoken,
    labels_of,
    opening_talk,
    part_title,
    referral,
    spoken,
    text_facts,
)
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import codes_of, in_words
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion, Place
from nmt_intake.tui import literal

# Kinds whose answer is written on one line; a table's first cell is written there too.
TYPED: Final = tuple(kind for kind, each in KINDS.items() if each.desk == "line")
WRITTEN: Final = tuple(kind for kind, each in KINDS.items() if each.desk in ("line", "rows"))
_NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})
_NOWHERE: Final = "words that belong nowhere yet"

_HINTS = {
    "number": "a number",
    "age": "14 months, or 2y 3m; a number alone means months",
    "date": "2019-09-14, 2019-09 or 2019",
    "interval": "14 months to 2y 3m, or ... to now",
    "person": "who it is, by relation",
    "text": "their own words",
    "table": "the first of a row; Enter asks for the rest",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """One option to choose from: its code, its key (blank: none) and how it reads."""

    code: str
    key: str
    text: Content


@dataclass(frozen=True, slots=True)
class QuestionView:
    """All that the middle of the screen shows at one place of the walk.

    `chosen` is the option the highlight belongs on, if any; `several` may be marked. `line` is
    what stands on the writing line, `kept` what of it is an answer already, and `hint` what it
    takes; `writes` says that the answer is written there, and so what is typed is the answer.
    """

    place: Place
    title: Content
    before: Content
    ask: Content
    after: Content
    choices: tuple[Choice, ...] = ()
    chosen: str | None = None
    several: bool = False
    writes: bool = False
    line: str = ""
    kept: str = ""
    hint: str = ""

    @property
    def keys(self) -> str:
        """The keys that answer here, for the footer."""
        if self.writes:
            return "Enter sends"
        if self.several:
            return f"1-{min(9, len(self.choices))} mark  Enter done"
        return f"1-{min(9, len(self.choices))} answer" if self.choices else ""


def view_of(
    interview: Interview,
    place: Place,
    *,
    language: str | None,
    basis: str | None,
    draft: str | None,
    persona: Sequence[str] = (),
) -> QuestionView:
    """Return what is shown at a place; `draft` was written there and not sent."""
    match place:
        case AtQuestion(slot):
            return _question(interview, slot, language, basis, draft, persona)
        case AtOffer(loop):
            return _offer(interview, loop, language, draft or "")
        case AtEnd():
            return _end(draft or "")


def _question(
    interview: Interview,
    slot: str,
    language: str | None,
    basis: str | None,
    draft: str | None,
    persona: Sequence[str],
) -> QuestionView:
    question = interview.question(slot)
    assert question is not None, "a place in the walk has a question"
    said = spoken(interview, slot, language)
    given = own(interview.said(slot), interview.speaking)
    chosen = codes_of(question, given.value) if given else ()
    kind = KINDS[question.kind]
    several = kind.desk == "marks"
    # Free words that are kept stand on the line, to be changed.
    kept = in_words(question, given.value) if given and not kind.compared else ""
    below = (
        *(literal.line(each, "italic") for each in persona),
        after(interview, slot, said, question, basis, language),
    )
    return QuestionView(
        AtQuestion(slot),
        place_title(interview, slot, language),
        before(interview, slot, said, language),
        literal.spoken(said.ask, "bold"),
        literal.lines(*below),
        _choices(question, said, interview.words(language), chosen, several=several),
        chosen[0] if chosen and not several else None,
        several=several,
        writes=question.kind in WRITTEN,
        line=kept if draft is None else draft,
        kept=kept,
        hint=hint(question, said),
    )


def _choices(
    question: Question, said: Spoken, words: Words, chosen: Sequence[str], *, several: bool
) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for place, (code, label) in enumerate(shown_options(question, said, words).items()):
        key = key_of(question, code, place)
        text = option_text(key, label, several=several, chosen=code in chosen)
        found.append(Choice(code, key.strip(), text))
    return tuple(found)


def _offer(interview: Interview, loop: str, language: str | None, line: str) -> QuestionView:
    block = walk.loop_block(interview, loop)
    parts = [each for each in interview.layout.parts if each.block.for_each == loop]
    words = block.translations.get(language or "", _NOTHING_SAID) if block else _NOTHING_SAID
    opening = words.get("opening", block.opening) if block else None
    another = words.get("another", block.another) if block else None
    title = words.get("title", block.title) if block else loop
    ask = another if parts and another else interview.words(language).another[loop]
    offered = (("yes", "1", "Yes, add one"), ("no", "2", "No, go on"))
    return QuestionView(
        AtOffer(loop),
        literal.line(title, "bold"),
        literal.spoken(opening) if opening and not parts else Content(""),
        literal.spoken(fill(ask, text_facts(interview, "", language)), "bold"),
        literal.line("Nothing is lost by going on; Alt+A adds one at any time.", "$aside"),
        tuple(
            Choice(code, key, option_text(key, label, several=False, chosen=False))
            for code, key, label in offered
        ),
        "yes" if not parts else "no",
        line=line,
        hint=_NOWHERE,
    )


def _end(line: str) -> QuestionView:
    return QuestionView(
        AtEnd(),
        literal.line("Nothing is left to ask", "bold"),
        Content(""),
        Content("Every open question has an answer or a mark."),
        literal.literal(
            "Ctrl+R rates. Ctrl+O shows the report. Alt+E ends for today.\n"
            "Alt+O shows the outline, to go back to any part."
        ),
        line=line,
        hint=_NOWHERE,
    )


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


def shown_options(question: Question, said: Spoken, words: Words) -> dict[str, str]:
    """Return codes and labels to choose from; none for kinds that are typed."""
    if BANK_KINDS[question.kind].codes == "yes_no":
        return {code: said.options.get(code, words.answers[code]) for code in ("yes", "no")}
    return {} if question.kind in WRITTEN else dict(said.options)


def key_of(question: Question, code: str, place: int) -> str:
    """Return the key that chooses an option: its step on a scale, else its place."""
    if KINDS[question.kind].numbered_by_step and len(code) == 1:
        return code
    return str(place + 1) if place < 9 else "0" if place == 9 else " "


def option_text(key: str, label: str, *, several: bool, chosen: bool) -> Content:
    """Return one option with its key and whether it is the answer kept."""
    mark = ("[x]" if chosen else "[ ]") if several else ("●" if chosen else " ")
    return (
        Content(f"{mark} ")
        + Content.styled(f"{key}  ", "$accent")
        + literal.line(label, "bold" if chosen else "")
    )


def hint(question: Question, said: Spoken) -> str:
    """Return how an answer that is typed may look."""
    unit = f" of {said.unit}" if said.unit and KINDS[question.kind].spoken == "number" else ""
    return _HINTS.get(question.kind, "words they said, kept beside the answer") + unit


def own(state: SlotState, informant: str | None) -> Given | None:
    """Return this informant's answer."""
    return next((each for each in state.given if each.informant == informant), None)


def own_mark(state: SlotState, informant: str | None) -> Mark | None:
    """Return this informant's reason for no answer."""
    return next((each for each in state.marks if each.informant == informant), None)


def after(
    interview: Interview,
    slot: str,
    said: Spoken,
    question: Question,
    basis: str | None,
    language: str | None = None,
) -> Content:
    """Return what stands below the answer: state, referral, listen for, words kept, how sure."""
    return literal.lines(
        *_standing(interview, slot, question, language),
        *_advice(said),
        *_words(interview, slot),
        _sure(basis, interview.words(language)),
    )


def _standing(
    interview: Interview, slot: str, question: Question, language: str | None
) -> Iterator[Content]:
    words = interview.words(language)
    state = interview.said(slot)
    truth = interview.truths.get(slot, False)
    if truth is False:
        yield literal.line("Hidden now. What was said is kept and does not count.", "bold")
    elif truth is None:
        yield literal.line("Not decidable yet: it hangs on something not known.", "italic")
    given, mark = own(state, interview.speaking), own_mark(state, interview.speaking)
    if given and KINDS[question.kind].desk == "rows":
        yield from (literal.line(f"· {row}") for row in _table(question, given.value, words))
    elif given and question.kind in WRITTEN:
        yield literal.lines(literal.literal(f"Kept: {in_words(question, given.value)}", "bold"))
    if mark:
        who = f" Ask: {mark.who_knows}" if mark.who_knows else ""
        yield literal.line(f"Marked: {words.missing_at_desk[mark.reason]}.{who}", "bold")
    if given and (say := referral(interview, slot, given.value)):
        yield literal.literal(say, "bold")
    yield from others(interview, slot, question, language)


def others(
    interview: Interview, slot: str, question: Question, language: str | None = None
) -> Iterator[Content]:
    """Yield what other informants said here, and whether they differ."""
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
            yield literal.line(f"{who}: {in_words(question, each.value, labels)}{basis}")
        else:
            yield literal.line(f"{who}: {words.missing_at_desk[each.reason]}")
    if state.differs(question):
        yield literal.line("They differ. Both answers stand.", "italic")


def _table(question: Question, value: object, words: Words) -> Iterator[str]:
    labels = {code: words.answers[code] for code in ("yes", "no")}
    for row in cast("Sequence[object]", value) if isinstance(value, list) else ():
        if isinstance(row, dict):
            cells = cast("Mapping[str, JsonValue]", row)
            yield " · ".join(
                in_words(column, cells[column.name], {**labels, **column.options})
                for column in question.columns
                if column.name in cells
            )


def _advice(said: Spoken) -> Iterator[Content]:
    if said.listen_for:
        yield literal.spoken(f"Listen for: {said.listen_for}", "$aside")
    for probe in said.probes:
        yield literal.spoken(f"If it helps: {probe}", "$aside")


def _words(interview: Interview, slot: str) -> Iterator[Content]:
    quotes = [note.text for note in interview.notes if note.slot == slot and note.verbatim]
    quotes += [each.words for each in interview.said(slot).given if each.words]
    for words in dict.fromkeys(quotes):
        yield literal.lines(literal.line(f"Words kept: “{words}”"))
    for note in interview.notes:
        if note.slot == slot and not note.verbatim:
            yield literal.line(f"Note: {note.text}")


def _sure(basis: str | None, lists: Words) -> Content:
    marks = "  ".join(
        f"{'●' if code == basis else '○'} {words}" for code, words in lists.bases_at_desk.items()
    )
    return literal.line(f"How sure (Alt+S): {marks}", "$aside")


__all__ = [
    "TYPED",
    "WRITTEN",
    "Choice",
    "QuestionView",
    "others",
    "own",
    "own_mark",
    "view_of",
]
