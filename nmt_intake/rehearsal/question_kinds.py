"""What kind of thing an interviewer just said, by rules that can be read: which words decided.

The kinds are defined in `.readme/question-kinds.md`; the patterns are data, one file a language.
An utterance is cut into sentences and these into questions; what does most harm decides first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from nmt_intake.bank.reading import read_file

Kind: TypeAlias = Literal[
    "invitation",
    "open_directive",
    "closed",
    "option_posing",
    "leading",
    "multiple",
    "blaming",
    "reflection",
    "summary",
    "support",
    "instruction",
    "dressed",
    "narrowed",
    "unsure",
]
OPEN: Final[frozenset[Kind]] = frozenset({"invitation", "open_directive"})
CLOSED: Final[frozenset[Kind]] = frozenset({"closed", "option_posing"})
PRESSING: Final[frozenset[Kind]] = frozenset(
    {"leading", "multiple", "blaming", "dressed", "narrowed"}
)
GROUPS: Final[Mapping[Kind, str]] = {
    **dict.fromkeys(OPEN, "open"),
    **dict.fromkeys(CLOSED, "closed"),
    **dict.fromkeys(PRESSING, "pressing"),
    "reflection": "giving back",
    "summary": "giving back",
    "support": "support",
    "instruction": "telling",
}
_LONGEST: Final = 2_000
_LONG_SUMMARY: Final = 16
_SHORT: Final = 4


@dataclass(frozen=True, slots=True)
class Classified:
    """The kind of an utterance, the words that decided it, and another kind as fair, if any."""

    kind: Kind
    because: tuple[str, ...]
    second: Kind | None = None

    @property
    def group(self) -> str | None:
        """Open, closed, pressing, giving back, support, telling; None if it cannot be told."""
        return GROUPS.get(self.kind)


class _Lists(BaseModel):
    """The file of a language: patterns by what they tell."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fillers: list[str]
    lead_ins: list[str]
    wh: str
    auxiliaries: str
    subjects: str
    frames: list[str]
    asking_leave: str
    blaming: list[str]
    tag: str
    tag_words: str
    leading: list[str]
    caring_must: str
    scale: str
    no_choice: str
    widened: str
    frequency: str
    list_verbs: str
    directive: list[str]
    invitation: list[str]
    topic: str
    support: list[str]
    instruction: list[str]
    summary: list[str]
    reflection: list[str]
    checking: str
    unsure: list[str]
    places: str


@dataclass(frozen=True, slots=True)
class _Question:
    """One question in a sentence: `open`, `directive`, `yes_no`, `options` or `piece`."""

    form: Literal["open", "directive", "yes_no", "options", "piece"]
    words: str
    joined: str = ""
    dressed: str = ""


def classify(words: str, language: str = "en") -> Classified:
    """Return the kind of what an interviewer says; empty words are `unsure`."""
    return _classified(words[:_LONGEST], language)


# The bank's wordings come again and again: 0.2 ms each otherwise.
@lru_cache(maxsize=4096)
def _classified(words: str, language: str) -> Classified:
    return _rules(language).classify(words)


def content(words: str, language: str = "en") -> str:
    """Return what is asked about, without what stands politely before it: for a search."""
    return _rules(language).content(words[:_LONGEST])


def prepare(language: str = "en") -> None:
    """Read the patterns of a language now, so that the first utterance is as quick as the next."""
    _rules(language)


@cache
def _rules(language: str) -> _Rules:
    place = Path(__file__).with_name(f"question_kinds_{language}.yaml")
    return _Rules(_Lists.model_validate(read_file(place, place.name)))


def _one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for many; `~` is any words within a sentence."""
    return re.compile("|".join(f"(?:{each})" for each in patterns).replace("~", "[^.?!]*"))


class _Rules:
    def __init__(self, lists: _Lists) -> None:
        self._fillers = re.compile(
            rf"(?:^|(?<=[\s,]))(?:{'|'.join(lists.fillers)})(?=[\s,.?!]|$),?"
        )
        self._lead_in = re.compile(rf"^(?:{'|'.join(lists.lead_ins)})(?:[,.!:…-]+\s*|\s+)(?=\w)")
        aux, subject = f"(?:{lists.auxiliaries})(?:n't)?", f"(?:{lists.subjects})"
        self._yes_no = re.compile(rf"^{aux} \w|^(?:any|ever)\b")
        wh = rf"(?:{lists.wh})(?:'s|'d|'re|'ve|'ll)?"
        head = (
            rf"{aux} {subject}\b|(?:{lists.wh})(?:'s|'d|'re|'ve|'ll)\b|{wh} {aux}\b|how \w+ {aux}"
        )
        head += rf"|how (?:many|much|often|long|old|far)\b|(?:what|which) \w+ {aux}\b"
        head += r"|who \w+(?:ed|s)\b|who (?:told|lived|knew|helps|looks|took|gave|came|was|is)\b"
        head += r"|ever \w+|what (?:about|happened|happens)\b|how about|why\b"
        head += r"|(?:at|from|to) (?:what|which)\b"
        self._head = re.compile(
            rf"(?:[,;:–—]?\s+|\s-\s)(?P<and>and|or|but) (?:if so,? |then |so )?(?={head})"
            rf"|(?:[,;:–—]\s*|\s-\s)(?:so |like )?(?={head})|,?\s(?:i mean),?\s(?=\w)"
        )
        self._wh = re.compile(
            rf"^{wh}\b|^(?:at|from|to|in|on|by|for|with|of|about|until|since) (?:about )?{wh}\b"
        )
        # "When he runs off, does he ...": the first part only says when.
        self._subordinate = re.compile(
            rf"^(?:when|where|if|while|after|before|since|as) (?!{aux}\b)[^,?]*,\s*(?=\w)"
        )
        self._frame = re.compile(rf"^(?:{'|'.join(lists.frames)})(?=[\s,:.?!]|$)[,:]?\s*")
        self._whether = re.compile(r"^(?:if|whether(?: or not)?|like)\b,?\s*")
        self._leave = re.compile(lists.asking_leave)
        self._blaming = _one_of(rf"\b{each}" if each[0] != "^" else each for each in lists.blaming)
        self._leading = _one_of(lists.leading)
        self._tag, self._tag_words = re.compile(lists.tag), re.compile(lists.tag_words)
        self._caring = re.compile(lists.caring_must)
        self._scale = _one_of([lists.scale])
        self._no_choice = re.compile(lists.no_choice)
        self._widened = re.compile(lists.widened)
        self._frequency = re.compile(rf"\b(?:{lists.frequency})\b")
        self._verbs = re.compile(rf"\b(?:or|and) (?:{lists.list_verbs})\b")
        self._directive, self._invitation = _one_of(lists.directive), _one_of(lists.invitation)
        self._topic = re.compile(lists.topic)
        self._support, self._instruction = _one_of(lists.support), _one_of(lists.instruction)
        self._summary, self._reflection = _one_of(lists.summary), _one_of(lists.reflection)
        self._checking, self._unsure = re.compile(lists.checking), _one_of(lists.unsure)
        self._places = re.compile(lists.places)

    def classify(self, words: str) -> Classified:
        """Return the kind of an utterance; the order is the page's."""
        text = " ".join(words.lower().replace("’", "'").replace("...", "…").split())
        if not re.search(r"\w", text):
            return Classified("unsure", ())
        whole = self._fillers.sub("", text).strip(" ")
        whole = re.sub(r"\s*,(?:\s*,)+|\s+,", ",", re.sub(r"\s+", " ", whole)).strip(", ") or text
        if re.fullmatch(r"(?:and|now|next|so|okay,? so|right,? so),? (?:the )?[a-z' -]+\?", whole):
            topic = self._without_lead_in(whole)
            if len(topic.split()) <= 3 and not (self._wh.match(topic) or self._yes_no.match(topic)):
                return self._piece_or_topic(topic)
        whole = re.sub(r"\b(\w+), \1\b", r"\1", whole)
        if found := self._unsure.search(self._bare_end(text, whole)):
            return Classified("unsure", (found[0],))
        sentences = [each for each in re.split(r"(?<=[.?!…])\s+", whole) if each.strip(" .?!…")]
        bare = [self._without_lead_in(each) for each in sentences]
        joined = frozenset(
            b for b, each in zip(bare, sentences, strict=True) if re.match(r"(?:and|or)\b", each)
        )
        asked = [each for each in bare if self._asks(each)]
        if found := next(filter(None, map(self._blaming.search, bare)), None):
            return Classified("blaming", (found[0].strip(),), "leading" if asked else None)
        if kind := self._caring_or_telling(bare):
            return kind
        if found := next(filter(None, map(self._leads, bare)), None):
            return found
        if asked and (found := self._scale.search(whole)):
            return Classified("option_posing", (found[0],))
        if asked:
            return self._of_questions(bare, joined)
        return self._of_statements(bare, whole)

    def _piece_or_topic(self, topic: str) -> Classified:
        """Return what "and sleep?" is: an invitation, or a piece that is asked for."""
        found = self._piece(topic, (topic,))
        return found if found.kind == "open_directive" else Classified("invitation", (topic,))

    def content(self, words: str) -> str:
        """Return the words without lead-ins and frames."""
        bare = self._without_lead_in(" ".join(words.lower().replace("’", "'").split()))
        return self._frame.sub("", bare) or words

    @staticmethod
    def _bare_end(text: str, whole: str) -> str:
        return text if text[-1:] in ",-–" else whole

    def _without_lead_in(self, sentence: str) -> str:
        found = self._lead_in.match(sentence)
        while found:
            rest = sentence[found.end() :]
            if not rest.strip(" ?.!"):
                break
            sentence = rest
            found = self._lead_in.match(sentence)
        return sentence.strip()

    def _asks(self, sentence: str) -> bool:
        """Whether a sentence asks anything, with or without its mark."""
        if self._checking.search(sentence) and len(sentence.split()) < 8:
            return False
        body = self._subordinate.sub("", sentence)
        if not sentence.endswith("?") and self._instruction.match(body):
            return bool(self._wh.match(body) or self._topic.match(body))
        if sentence.endswith("?") or self._wh.match(body) or self._yes_no.match(body):
            return not self._what_clause(body)
        framed = self._frame.match(body)
        rest = body[framed.end() :] if framed else body
        if framed and (
            self._wh.match(rest) or self._yes_no.match(rest) or self._whether.match(rest)
        ):
            return True
        if sentence.endswith("."):
            return bool(self._invitation.search(body))
        return bool(self._head.search(sentence) or self._invitation.search(body))

    def _what_clause(self, body: str) -> bool:
        """Whether it only begins like a question: "what I hear is ..."."""
        return not body.endswith("?") and bool(
            re.match(r"^(?:what|when|where|how|who) (?:i|i'm|i've|you|we|he|she|they|it)\b", body)
            or (re.match(r"^what (?:stands|matters)", body) and " is " in body)
        )

    def _caring_or_telling(self, sentences: list[str]) -> Classified | None:
        """Return support or an instruction that is worded as a question, or as care."""
        for each in sentences:
            if found := self._caring.search(each):
                return Classified("support", (found[0],), "leading")
        last = sentences[-1]
        others = [each for each in sentences[:-1] if self._asks(each)]
        if others or not self._asks(last) or self._wh.match(last):
            return None
        if (found := self._instruction.match(last)) and re.match(
            r"^(?:can|could|would|will)", last
        ):
            return Classified("instruction", (found[0],), "support")
        if (found := self._support.match(last)) and not self._frame.match(last):
            return Classified("support", (found[0],), "closed")
        return None

    def _leads(self, sentence: str) -> Classified | None:
        """Return that a sentence favours an answer, with the words that do."""
        if self._checking.search(sentence):
            return None
        states = not (self._wh.match(sentence) or self._yes_no.match(sentence))
        framed = self._frame.match(sentence)
        for pattern in (self._tag, self._tag_words) if states and not framed else ():
            found = pattern.search(sentence)
            if found and len(sentence[: found.start()].split()) > 0:
                return Classified("leading", (found[0].strip(" ,"),))
        if states and not framed and (found := re.search(r"\bor not\?$|, or\?$", sentence)):
            return None
        if found := self._leading.search(sentence):
            return Classified("leading", (found[0].strip(" ,?"),))
        # A question with "wasn't it" behind it favours as much as a statement does.
        if not states and (
            found := re.search(r", (?:is|was|does|did|have|has)n't \w+\?$", sentence)
        ):
            return Classified("leading", (found[0].strip(" ,"),))
        return None

    # Questions

    def _of_questions(self, sentences: list[str], joined: frozenset[str]) -> Classified:
        parts: list[_Question] = []
        for each in sentences:
            if self._asks(each):
                found = list(self._questions(each))
                if parts and found and each in joined:
                    found[0] = replace(found[0], joined="and")
                parts += found
        topic = "" if self._asks(sentences[0]) else sentences[0]
        return self._together(self._real(parts), topic)

    def _questions(self, sentence: str) -> Iterator[_Question]:
        """Yield the questions of one sentence, in order."""
        main = self._subordinate.sub("", sentence)
        start, joined = 0, ""
        ends = [
            (found.start(), found.end(), found["and"] or "") for found in self._head.finditer(main)
        ]
        for end, after, with_and in (*ends, (len(main), len(main), "")):
            piece = main[start:end].strip(" ,;:")
            if piece:
                yield from self._question(piece, joined)
            start, joined = after, with_and

    def _question(self, piece: str, joined: str) -> Iterator[_Question]:
        piece = self._without_lead_in(piece)
        if self._wh.match(piece):
            yield from self._open_one(piece, joined, "")
            return
        framed = self._frame.match(piece)
        rest = self._without_lead_in(piece[framed.end() :]) if framed else piece
        if framed and self._leave.match(piece):
            if rest.strip(" .?!…"):
                yield from self._question(rest, joined)
            return
        if framed and not rest.strip(" .?!…"):
            yield _Question("piece", piece, joined, dressed=framed[0])
            return
        dressed = framed[0].strip(" ,:") if framed else ""
        if framed and (found := self._whether.match(rest)):
            yield self._closed_one(rest[found.end() :], joined, dressed)
        elif self._wh.match(rest):
            known = (
                re.match(
                    r"^(?:do|would|can) you .*?(?:know|remember|recall|remind me)\b", framed[0]
                )
                if framed
                else None
            )
            if known and not re.search(r"\blike\b", rest):
                yield _Question("directive", rest, joined)
            else:
                yield from self._open_one(rest, joined, dressed)
        elif self._yes_no.match(rest):
            yield self._closed_one(rest, joined, dressed)
        elif framed and self._topic.match(piece) and not self._states(rest):
            yield from self._after_comma(_Question("open", piece, joined), rest)
        elif framed and re.match(r"^(?:do|would) you\b|^(?:i wonder|i'm wondering)", piece):
            yield _Question("yes_no", rest, joined)
        elif framed and self._states(rest):
            yield self._closed_one(rest, joined, dressed)
        elif self._invitation.search(piece):
            yield from self._after_comma(_Question("open", piece, joined), piece)
        else:
            yield self._bare_piece(piece, joined)

    def _states(self, rest: str) -> bool:
        return bool(re.match(r"^(?:he|she|it|they|you|there)(?:'s|'d|'re)? (?:\w+)", rest))

    def _bare_piece(self, piece: str, joined: str) -> _Question:
        """Return a question without verb first: a choice, a topic, a statement that rises."""
        if re.search(r"\bor\b", piece) and not self._no_choice.search(piece):
            return _Question("options", piece, joined)
        if len(self._frequency.findall(piece)) > 1:
            return _Question("options", piece, joined)
        return _Question("piece", piece, joined)

    def _open_one(self, piece: str, joined: str, dressed: str) -> Iterator[_Question]:
        form: Literal["open", "directive"] = "directive"
        if not self._directive.search(piece):
            form = "open"
        yield from self._after_comma(_Question(form, piece, joined, dressed), piece)

    def _after_comma(self, question: _Question, piece: str) -> Iterator[_Question]:
        """Yield an open question, and the short piece after its comma that would close it."""
        before, comma, after = piece.rpartition(", ")
        after = self._without_lead_in(after)
        listed = " and " in after and " or " not in after
        if not comma or not before or listed or self._places.match(after) or len(after.split()) > 9:
            yield question
        elif (
            re.search(r"\bor\b", after)
            and not re.match(r"^or ", after)
            and not self._no_choice.search(after)
        ):
            yield question
            yield _Question("options", after)
        elif piece.endswith("?") or re.match(r"^(?:like|or|say|maybe)\b", after):
            yield question
            yield _Question("piece", after)
        else:
            yield question

    def _closed_one(self, piece: str, joined: str, dressed: str) -> _Question:
        listed = piece.count(",")
        verbs = len(self._verbs.findall(piece))
        if (
            re.search(r"\b(?:or|and)\b", piece)
            and verbs
            and not re.search(r"\b(?:is|was|are) \w+ (?:more|that)", piece)
        ):
            return _Question("piece", piece, joined, "several")
        if re.search(r"\bany(?:one|body|thing)?\b.*\bor\b.*\bor\b", piece):
            return _Question("piece", piece, joined, "several")
        if listed and re.match(
            r"^(?:any|ever|have there been|were there any|has \w+ had any)\b", piece
        ):
            return _Question("piece", piece, joined, "several")
        offers = re.search(r"\bor\b", piece) and not self._no_choice.search(piece)
        if offers and not self._widened.search(piece):
            return _Question("options", piece, joined, dressed)
        if listed and len(self._frequency.findall(piece)) > 1:
            return _Question("options", piece, joined, dressed)
        return _Question("yes_no", piece, joined, dressed)

    def _real(self, parts: list[_Question]) -> list[_Question]:
        """Leave out an empty opener that only leads to the next question, and what it names."""
        found: list[_Question] = []
        opener = ""
        for part in parts:
            if part.form == "piece" and part.dressed and part.dressed != "several":
                opener = part.dressed.strip(" ,:")
                continue
            if opener and not found:
                part = _Question(part.form, part.words, part.joined, part.dressed or opener)
            found.append(part)
        if not found and opener:
            return [_Question("open", opener)]
        # "And dad, how ...?": a topic that is only named is no question.
        named = found and found[0].form == "piece" and not found[0].words.endswith("?")
        several = bool(found) and found[0].dressed == "several"
        if (
            named
            and not several
            and (len(found) > 2 or (len(found) == 2 and found[1].form != "piece"))
        ):
            return found[1:]
        return found

    def _together(self, parts: list[_Question], topic: str) -> Classified:
        if not parts:
            return Classified("unsure", ())
        first, because = parts[0], tuple(each.words.strip(" ?.") for each in parts)
        if any(each.dressed == "several" for each in parts):
            return Classified("multiple", because, "closed")
        if len(parts) > 2:
            return Classified("multiple", because)
        if len(parts) == 2:
            return self._two(first, parts[1], because)
        return self._one(first, topic)

    def _two(self, first: _Question, second: _Question, because: tuple[str, ...]) -> Classified:
        opens = first.form in ("open", "directive")
        same = first.words.strip(" ?.") == second.words.strip(" ?.")
        if same:
            return self._one(second, "")
        if second.joined == "or" and first.form == second.form == "yes_no":
            return Classified("option_posing", because, "multiple")
        if opens and second.form == "options":
            choosing = re.match(r"^(?:who|which|where)", first.words)
            kind: Kind = "option_posing" if choosing else "narrowed"
            return Classified(kind, because, "narrowed" if choosing else "option_posing")
        if opens and not second.joined and second.form in ("yes_no", "piece"):
            return Classified("narrowed", because)
        if opens and not second.joined and first.form == "open" and second.form == "directive":
            return Classified("multiple", because, "open_directive")
        if first.form == "yes_no" and second.form == "piece" and not second.joined:
            return Classified("closed", because, "multiple")
        return Classified("multiple", because)

    def _one(self, one: _Question, topic: str) -> Classified:
        words = one.words.strip(" .")
        because = (one.dressed, words) if one.dressed else (words,)
        match one.form:
            case "open":
                return Classified("invitation", because)
            case "directive":
                return Classified("open_directive", because)
            case "options":
                return Classified(
                    "dressed" if one.dressed else "option_posing",
                    because,
                    "option_posing" if one.dressed else None,
                )
            case "yes_no":
                second: Kind | None = "closed" if one.dressed else None
                return Classified("dressed" if one.dressed else "closed", because, second)
            case "piece":
                return self._piece(words, because)

    def _piece(self, words: str, because: tuple[str, ...]) -> Classified:
        if self._directive.search(words) or re.search(
            r"\b(?:date|birth|weight|age|name|number|address|year|time|when|who|where|what)\??$",
            words,
        ):
            return Classified("open_directive", because)
        if re.match(r"^(?:anything|anyone|anybody|any)\b", words):
            return Classified("closed", because, "invitation")
        size = len(words.split())
        if size <= 2 and not words.endswith("?"):
            return Classified("invitation", because)
        if size <= 2:
            return Classified("reflection", because, "invitation")
        return Classified("closed", because)

    # What asks nothing

    def _of_statements(self, sentences: list[str], whole: str) -> Classified:
        bare_whole = " ".join(sentences)
        if (found := self._summary.search(whole)) and self._gathers(whole):
            return Classified("summary", (found[0],), "reflection")
        if self._checking.search(whole) and self._gathers(bare_whole):
            return Classified("summary", (whole,), "reflection")
        longest = max(sentences, key=lambda each: len(each.split()))
        order = [longest, *(each for each in sentences if each is not longest)]
        checked = "closed" if self._checking.search(whole) else None
        for each in order:
            if found := self._invitation.search(each):
                return Classified("invitation", (found[0],))
            if found := self._support.match(each):
                return Classified("support", (found[0],), "reflection")
            if found := self._instruction.match(each):
                soft = self._support.search(whole)
                return Classified("instruction", (found[0],), "support" if soft else None)
            if found := self._support.search(each):
                return Classified("support", (found[0],), "reflection")
            if found := self._reflection.search(each):
                return Classified("reflection", (found[0],), checked)
            if found := self._instruction.search(each):
                return Classified("instruction", (found[0],))
        if len(whole.split()) > 1 or re.match(r"^\w+ed\b", whole):
            return Classified("reflection", (whole,), checked)
        return Classified("unsure", (whole,), "reflection")

    @staticmethod
    def _gathers(whole: str) -> bool:
        """Whether two or more things are told over, not one."""
        return len(whole.split()) >= _LONG_SUMMARY or whole.count(",") + whole.count(". ") >= 2
