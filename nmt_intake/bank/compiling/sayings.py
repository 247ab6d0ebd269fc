"""Compiles what a search looks through: every way of saying a question or one of its options.

`heard_as` stands on a question, or in files of its own: `heard_as/<language>/<block>.yaml`, each a
mapping of question ids, so that who writes phrases and who writes questions do not meet in one
file. `heard_as/alike.yaml` lists words that mean the same, by language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from pydantic import ValidationError

from nmt_intake.bank.compiling.notes import near
from nmt_intake.bank.compiling.placing import PlacedBlock
from nmt_intake.bank.faults import shape_problems
from nmt_intake.bank.files import bank_file_names, shipped_bank
from nmt_intake.bank.kinds import KINDS
from nmt_intake.bank.model import Block, Question, Saying
from nmt_intake.bank.problems import Problem
from nmt_intake.bank.reading import MappingNode, Node, SequenceNode, UnreadableFile, read_file
from nmt_intake.bank.sources import HeardSource
from nmt_intake.bank.stems import marked_stems
from nmt_intake.text import clean, clean_line

FOLDER: Final = "heard_as"
ALIKE: Final = f"{FOLDER}/alike.yaml"


def compiled_sayings(
    folder: Path,
    placed: Iterable[PlacedBlock],
    blocks: Iterable[Block],
    languages: tuple[str, ...],
    problems: list[Problem],
) -> tuple[Saying, ...]:
    """Return every saying of the bank, the first language first; faults go to `problems`.

    What names a question or a code that is not there is a warning: the file may be a version
    behind the questions.
    """
    questions = {question.id: question for block in blocks for question in block.questions}
    own = languages[0]
    heard = [
        *_on_questions(placed, own),
        *_in_files(folder, languages, questions, problems),
    ]
    return (
        *_alike(folder, problems),
        *(saying for each in questions.values() for saying in _written(each, own)),
        *(
            _saying(name, language, part, code, phrase)
            for name, language, code, part, phrase in heard
        ),
    )


_Heard = tuple[str, str, str, str, str]


def _saying(name: str, language: str, part: str, code: str, text: str) -> Saying:
    return Saying(name, language, part, code, " ".join(marked_stems(text, language)))


def _written(question: Question, language: str) -> Iterator[Saying]:
    """Yield what the question's own words say, in each language it is written in."""
    name = question.id
    yield _saying(name, language, "ask", "", question.ask)
    for code, label in question.options.items():
        yield _saying(name, language, "option", code, label)
    for keyword in question.keywords:
        yield _saying(name, language, "keyword", "", keyword)
    rest = (*question.wordings.values(), question.listen_for or "", *question.probes)
    yield _saying(name, language, "rest", "", " ".join(rest))
    for other, words in question.translations.items():
        ask = words.get("ask")
        if isinstance(ask, str):
            yield _saying(name, other, "ask", "", ask)
        labels = cast("Mapping[str, str]", words.get("options", {}))
        for code, label in labels.items():
            yield _saying(name, other, "option", code, label)


def _on_questions(placed: Iterable[PlacedBlock], language: str) -> Iterator[_Heard]:
    for block in placed:
        for source, _ in block.questions:
            name = f"{block.source.block}.{source.id}"
            yield from _phrases(name, language, source.heard_as)
            for other, words in source.translations.items():
                yield from _phrases(name, other, words.heard_as)


def _phrases(name: str, language: str, heard: HeardSource | None) -> Iterator[_Heard]:
    if heard is None:
        return
    for phrase in heard.phrases:
        yield name, language, "", "phrase", phrase
    for code, phrases in heard.options.items():
        for phrase in phrases:
            yield name, language, code, "phrase", phrase


def _in_files(
    folder: Path,
    languages: tuple[str, ...],
    questions: Mapping[str, Question],
    problems: list[Problem],
) -> Iterator[_Heard]:
    for file in bank_file_names(folder):
        parts = file.split("/")
        if parts[0] != FOLDER or file == ALIKE:
            continue
        if len(parts) != 3 or parts[1] not in languages:
            message = (
                "phrases stand in heard_as/<language>/<block>.yaml, in a language of the bank."
            )
            problems.append(Problem(file, 1, "BANK-037", "", message, "Move the file."))
            continue
        for name, node, line in _mapping(folder, file, problems):
            question = questions.get(name)
            if question is None:
                message = f"phrases for {clean(name, 80)!r}, which is no question."
                advice = near(name, questions)
                problems.append(Problem(file, line, "BANK-037", "", message, advice))
                continue
            heard = _validated(node, file, line, name, problems)
            for each in _phrases(name, parts[1], heard):
                code = each[2]
                if code and code not in _codes(question):
                    message = f"phrases for the option {clean(code, 40)!r}, which is not there."
                    advice = near(code, _codes(question))
                    problem = Problem(file, line, "BANK-037", name, message, advice)
                    if problem not in problems:
                        problems.append(problem)
                else:
                    yield each


def _codes(question: Question) -> tuple[str, ...]:
    return tuple(question.options) or (
        ("yes", "no") if KINDS[question.kind].codes == "yes_no" else ()
    )


def _mapping(folder: Path, file: str, problems: list[Problem]) -> Iterator[tuple[str, Node, int]]:
    try:
        node = read_file(folder / file, file)
    except UnreadableFile as refusal:
        problems.append(refusal.problem)
        return
    if not isinstance(node, MappingNode):
        advice = "Write question ids with their phrases."
        problems.append(Problem(file, 1, "BANK-006", "", "is no mapping.", advice))
        return
    for name, part in node.items():
        yield str(name), part, node.lines.get(name, node.line)


def _validated(
    node: Node, file: str, line: int, name: str, problems: list[Problem]
) -> HeardSource | None:
    try:
        return HeardSource.model_validate(node)
    except ValidationError as error:
        if isinstance(node, MappingNode):
            problems += shape_problems(error, node, HeardSource, file, name)
        else:
            message = "has no phrases."
            problems.append(Problem(file, line, "BANK-006", name, message, "Write some."))
        return None


def _alike(folder: Path, problems: list[Problem]) -> Iterator[Saying]:
    """Yield groups of words that mean the same: the bank's own, else the program's."""
    home = folder if (folder / ALIKE).is_file() else shipped_bank()
    if not (home / ALIKE).is_file():
        return
    for language, groups, line in _mapping(home, ALIKE, problems):
        if not isinstance(groups, SequenceNode):
            message = f"{clean_line(language, 20)} is no list of groups."
            problems.append(Problem(ALIKE, line, "BANK-006", "", message, "Write - word word."))
            continue
        for group in groups:
            yield Saying("", language, "alike", "", " ".join(_stems_of(str(group), language)))


def _stems_of(group: str, language: str) -> list[str]:
    return [each.lstrip("~") for each in marked_stems(group, language)]
