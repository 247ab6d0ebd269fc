"""What to say and what they said: the middle of the interview screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from textual.content import Content

from nmt_intake.bank.model import Question
from nmt_intake.bank.wording import fill
from nmt_intake.bank.words import Words
from nmt_intake.casework.sittings import what_is_left
from nmt_intake.interview import walk
from nmt_intake.interview.kinds import KINDS, WRITTEN
from nmt_intake.interview.progress import progress
from nmt_intake.interview.shown import (
    DIFFER,
    begins,
    chosen_of,
    hint,
    key_of,
    others_in_words,
    rows_in_words,
    shown_options,
)
from nmt_intake.interview.slots import own, own_mark
from nmt_intake.interview.speaking import (
    Spoken,
    opening_talk,
    part_title,
    referral,
    spoken,
    text_facts,
)
from nmt_intake.interview.state import Interview
from nmt_intake.interview.values import in_words
from nmt_intake.interview.walk import AtEnd, AtOffer, AtQuestion, Place
from nmt_intake.tui import literal

_NOTHING_SAID: Final[Mapping[str, str]] = MappingProxyType({})
_NOWHERE: Final = "words that belong nowhere yet"


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
            return _end(interview, draft or "")


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
    chosen = chosen_of(question, given.value) if given else ()
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


def _end(interview: Interview, line: str) -> QuestionView:
    found = progress(interview)
    left = [
        f"{count} {words}"
        for count, words in (
            (found.to_find_out, "to find out from somebody"),
            (found.undecided, "that hang on something not known"),
            (len(interview.against), "not fitting"),
        )
        if count
    ]
    title, _, said = what_is_left(interview).partition(": ")
    more = f"Left: {'; '.join(left)}. Alt+T shows each, with who may know, and goes there."
    return QuestionView(
        AtEnd(),
        literal.line(title, "bold"),
        Content(""),
        literal.lines(said.strip(), literal.line(more, "bold") if left else ""),
        literal.literal(
            "Ctrl+G reads back all that was said. Ctrl+R rates. Ctrl+O shows the report.\n"
            "Alt+E ends for today. Alt+O shows the outline, to go back to any part."
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
        opening_talk(interview, part, language) if part and begins(interview, part, slot) else None
    )
    pieces = [literal.spoken(talk)] if talk else []
    if said.preface:
        pieces.append(literal.spoken(said.preface, "italic"))
    return Content("\n\n").join(pieces)


def option_text(key: str, label: str, *, several: bool, chosen: bool) -> Content:
    """Return one option with its key and whether it is the answer kept."""
    mark = ("[x]" if chosen else "[ ]") if several else ("●" if chosen else " ")
    return (
        Content(f"{mark} ")
        + Content.styled(f"{key}  ", "$accent")
        + literal.line(label, "bold" if chosen else "")
    )


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
        yield from (literal.line(f"· {row}") for row in rows_in_words(question, given.value, words))
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
    for each in others_in_words(interview, slot, question, language):
        yield literal.line(each, "italic" if each == DIFFER else "")


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
    "Choice",
    "QuestionView",
    "others",
    "view_of",
]
