"""The compiled bank: frozen values that the interview, the scoring and the screens read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeAlias

from nmt_intake.bank.evaluation import Evaluation
from nmt_intake.bank.language import Reach
from nmt_intake.bank.truth import Answers, State, Tree, Truth
from nmt_intake.bank.words import Words

Kind: TypeAlias = Literal[
    "yes_no",
    "choice",
    "choices",
    "scale",
    "number",
    "age",
    "date",
    "interval",
    "text",
    "person",
    "table",
]
ForEach: TypeAlias = Literal["period", "caregiver", "placement", "exposure"]
# What somebody who tells is to the story, where that changes what is said or asked.
Role: TypeAlias = Literal["birth_mother", "teacher", "caseworker"]
# In a short sitting: asked always, asked while there is room, or (empty) left for another day.
Essential: TypeAlias = Literal["", "always", "if_room", "never"]
EntryLoop: TypeAlias = Literal["caregiver", "placement", "exposure"]

# Age bands of the client for `wordings`, in months (judgement: they follow everyday speech).
AGE_BANDS: Final = (("infant", 18), ("young_child", 72), ("school_age", 144), ("youth_adult", 9999))


# Ages of activities that end here, in months, have no end.
AND_ON: Final = 1200


class Condition:
    """A condition ready to be evaluated; compiled at its first use (5 microseconds)."""

    __slots__ = ("_evaluate", "_opposite", "facts", "reads", "text", "tree")

    def __init__(
        self,
        text: str,
        tree: Tree,
        reads: tuple[tuple[str, Reach], ...],
        facts: tuple[str, ...],
    ) -> None:
        self.text = text
        self.tree = tree
        self.reads = reads
        self.facts = facts
        self._evaluate: Evaluation | None = None
        self._opposite: Evaluation | None = None

    def __repr__(self) -> str:
        return f"Condition({self.text!r})"

    def __call__(self, answers: Answers, prefix: str) -> Truth:
        """Return whether it holds for the instance with this prefix: True, False or None."""
        return self.state(answers, prefix).truth

    def state(self, answers: Answers, prefix: str) -> State:
        """Return what it comes to for the instance with this prefix."""
        if self._evaluate is None:
            self._evaluate = Evaluation(self.tree, self.facts)
        return self._evaluate(answers, prefix)

    def fails(self, answers: Answers, prefix: str) -> State:
        """Return whether what is expected is not so: open if surely not, disputed by one teller.

        What reads only what is closed expects nothing, and so never fails.
        """
        if self._opposite is None:
            self._opposite = Evaluation(("not", self.tree), self.facts)
        return self._opposite(answers, prefix)

    @property
    def asks_informants(self) -> bool:
        """Whether it speaks of the informant."""
        return any(fact.startswith("informant.") for fact in self.facts)


@dataclass(frozen=True, slots=True)
class Check:
    """What is expected of an answer (`value`), and what to say when it is not so."""

    expect: Condition
    say: str


@dataclass(frozen=True, slots=True)
class StandingCheck:
    """A check between answers, run again whenever one of them changes; `id` is `block.name`.

    `hard`: it cannot be so, one of the answers is wrong. `translations` are of `say`.
    """

    id: str
    expect: Condition
    say: str
    hard: bool
    line: int
    translations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refer:
    """On these answer codes a doctor should be told; `say` is the note.

    `only_now` keeps it to the period that is the client's present one.
    """

    on: tuple[str, ...]
    say: str
    only_now: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table question."""

    name: str
    ask: str
    kind: Kind
    options: Mapping[str, str]
    unit: str | None
    safety: tuple[str, ...] = ()


@dataclass(frozen=True)  # without slots, so that 1,000 of them are read in 6 ms less
class Question:
    """One question of the bank; `id` is `block.name` and is unique in the bank.

    `options` maps codes to what is shown; a scale's codes are whole numbers as text.
    `preface_again` is said once the preface was heard whole. `told_when` is what an answer needs
    to count, where that is less than `when` asks for (None: the same). `not_for` are roles whose
    bearers cannot know of it: its block's and its own. `essential`: its part in a short sitting, as
    the bank says or its ratings need it. The entries of `options_from` can be chosen,
    too: their ids are codes.
    `translations` maps a language to the author's words in it, by key.
    """

    id: str
    block: str
    name: str
    ask: str
    kind: Kind
    line: int
    for_each: ForEach | None = None
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    options_from: EntryLoop | None = None
    unit: str | None = None
    columns: tuple[Column, ...] = ()
    when: Condition | None = None
    told_when: Condition | Literal["always"] | None = None
    wordings: Mapping[str, str] = field(default_factory=dict[str, str])
    preface: str | None = None
    preface_again: str | None = None
    listen_for: str | None = None
    probes: tuple[str, ...] = ()
    sensitivity: int = 0
    informants: tuple[str, ...] = ()
    not_for: tuple[str, ...] = ()
    evidence_for: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str | None = None
    loinc: str | None = None
    soft_check: Check | None = None
    hard_check: Check | None = None
    refer: Refer | None = None
    safety: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    fact: str | None = None
    names_this: bool = False
    hidden: bool = False
    show_if_filled: bool = False
    essential: Essential = ""
    silence: Mapping[str, str] = field(default_factory=dict[str, str])
    translations: Mapping[str, Mapping[str, object]] = field(
        default_factory=dict[str, Mapping[str, object]]
    )

    @property
    def counts_when(self) -> Condition | None:
        """What an answer needs to count; None: nothing."""
        if self.told_when is None:
            return self.when
        return None if self.told_when == "always" else self.told_when

    @property
    def codes_tried(self) -> tuple[str, ...]:
        """The codes that a search tries: the options, and two entries where they can be chosen."""
        entries = (f"{self.options_from}-{number}" for number in (1, 2))
        return (*self.options, *(entries if self.options_from else ()))


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that belong together, asked once or `for_each` of something.

    `by_hand`: the program does not offer to add an entry.
    """

    id: str
    title: str
    file: str
    line: int
    for_each: ForEach | None
    when: Condition | None
    opening: str | None
    another: str | None
    questions: tuple[Question, ...]
    silence: Mapping[str, str]
    translations: Mapping[str, Mapping[str, str]]
    checks: tuple[StandingCheck, ...] = ()
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """If `when` holds (always, if None), suggest a rating from `low` to `high`.

    `not_applicable`: then there is nothing to rate.
    """

    id: str
    when: Condition | None
    low: int
    high: int
    because: str
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class Sign:
    """What the answers to one question, or one condition, weigh in a rating: points from 0 up."""

    question: str
    once: bool
    points: Mapping[str, float]
    when: Condition | None = None


FactForm: TypeAlias = Literal["at_least", "at_most", "widen"]


@dataclass(frozen=True, slots=True)
class FactRule:
    """What a fact does to a suggestion, whatever the impressions say.

    `at_least` and `at_most` hold the range to the span from `low` to `high`; `widen` makes it reach
    to what they both are, if that is worse. With `each`, `when` is read in every row of the time
    line whose interval `during` overlaps the period (a good part of it, if `lasting`), and so many
    rows must fit as `count` says. `periods` limits it.
    """

    id: str
    form: FactForm
    low: int
    high: int
    because: str
    when: Condition | None = None
    each: ForEach | None = None
    during: str = ""
    count: int = 1
    lasting: bool = False
    periods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rating:
    """One rating of 1-12: its title, its anchors by band, and what suggests it.

    `rules` are read from the top, the first that holds decides; where none does, the `points` of
    the answers add up; `facts` set bounds to what comes of either. `periods` limits an adversity
    or relational rating to these periods; empty means all.
    """

    id: str
    title: str
    file: str
    line: int
    periods: tuple[str, ...]
    anchors: Mapping[str, str]
    rules: tuple[Rule, ...]
    silence: Mapping[str, str]
    points: tuple[Sign, ...] = ()
    facts: tuple[FactRule, ...] = ()

    @property
    def conditions(self) -> Iterator[Condition]:
        """Every condition that a suggestion for it reads."""
        for each in (*self.rules, *self.points, *self.facts):
            if each.when is not None:
                yield each.when

    @property
    def reads(self) -> frozenset[str]:
        """The ids of the questions that a suggestion for it reads."""
        of_conditions = (name for each in self.conditions for name, _ in each.reads)
        others = (*(each.question for each in self.points), *(each.during for each in self.facts))
        return frozenset((*of_conditions, *others)) - {""}


@dataclass(frozen=True, slots=True)
class AskFirst:
    """Whom to ask before an activity: with this condition, or this function at most so high."""

    condition: str
    function: str
    at_most: int
    whom: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adapted:
    """How an activity is done with a person who has one of these conditions."""

    conditions: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity; `ages` in months, from and to; `band` says at which level of need it serves.

    `mainly` are the functions it is made for, `functions` all that it works on. `levels` is the
    span of ratings of what it is made for that it meets. `forms` says how it looks in another of
    the five ages. The dose is `times` a week and `minutes` each time, beyond what the day costs
    anyway; `moment` is when in the day. .readme/activities.md says what each of them means.
    """

    id: str
    title: str
    domain: str
    functions: tuple[str, ...]
    band: tuple[str, ...]
    ages: tuple[float, float]
    settings: tuple[str, ...]
    led_by: str
    how_often: str
    how_long: str
    cost: str
    looks_like: str
    adaptations: tuple[str, ...]
    cautions: tuple[str, ...]
    strengths: tuple[str, ...]
    needs: tuple[str, ...]
    made_for: tuple[str, ...]
    mainly: tuple[str, ...] = ()
    addressee: str = ""
    effect: str = ""
    levels: tuple[int, int] = (1, 12)
    forms: Mapping[str, str] = field(default_factory=dict[str, str])
    times: float = 0
    minutes: float = 0
    moment: str = ""
    up: str = ""
    down: str = ""
    signs: str = ""
    not_when: tuple[str, ...] = ()
    ask_first: tuple[AskFirst, ...] = ()
    adapted: tuple[Adapted, ...] = ()
    traits: tuple[str, ...] = ()
    evidence: str = ""
    source: str = ""
    file: str = ""
    line: int = 0

    def fits(self, age_months: float) -> bool:
        """Return whether it is written for this age; ages that end at 1200 go on."""
        start, end = self.ages
        return start <= age_months and (age_months < end or end >= AND_ON)

    @property
    def minutes_a_week(self) -> int:
        """What it costs a household in a week, in whole minutes, as its dose says."""
        return round(self.times * self.minutes)


@dataclass(frozen=True, slots=True)
class Park:
    """While `when` holds, questions from this sensitivity on are not asked, for this reason."""

    id: str
    when: Condition
    sensitivity: int
    reason: str
    translations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saying:
    """One way of saying a question, or its option `code`: the stems of its words in order.

    `part` is where it stands: phrase, keyword, ask, option, rest; `alike` is a group of words that
    mean the same, of no question.
    """

    question: str
    language: str
    part: str
    code: str
    stems: str


@dataclass(frozen=True, slots=True)
class Migration:
    """How answers given to version `from_version` of this bank are read now."""

    from_version: str
    renamed: Mapping[str, str]
    dropped: tuple[str, ...]
    codes: Mapping[str, Mapping[str, str]]
    because: str | None


@dataclass(frozen=True)
class Bank:
    """A whole bank, checked. `hash` is over its source files: it names exactly these words.

    `spellings` are other ways of its own language (`en-us`): what is said there for a word.
    `order` lists question ids so that a question comes after all that its condition reads.
    """

    id: str
    version: str
    hash: str
    language: str
    title: str
    languages: tuple[str, ...]
    translated: tuple[str, ...]
    blocks: tuple[Block, ...]
    ratings: Sequence[Rating]
    activities: Sequence[Activity]
    migrations: tuple[Migration, ...]
    order: tuple[str, ...]
    silence: Mapping[str, str] = field(default_factory=dict[str, str])
    folder: str = ""
    words: Mapping[str, Words] = field(default_factory=dict[str, Words])
    park: tuple[Park, ...] = ()
    spellings: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    sayings: Sequence[Saying] = ()

    def words_in(self, language: str | None = None) -> Words:
        """Return the words for closed lists in a language, else in the bank's own, else English."""
        return self.words.get(language or "") or self.words.get(self.language) or self.words["en"]

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question by id, in the order of the conversation."""
        return {question.id: question for block in self.blocks for question in block.questions}

    @cached_property
    def block_by_id(self) -> Mapping[str, Block]:
        """Every block by id."""
        return {block.id: block for block in self.blocks}

    @cached_property
    def evidence(self) -> Mapping[str, tuple[Question, ...]]:
        """The questions that are evidence for each rating id, as their authors named it."""
        found: dict[str, list[Question]] = {}
        for question in self.questions.values():
            for rating in question.evidence_for:
                found.setdefault(rating, []).append(question)
        return {rating: tuple(questions) for rating, questions in found.items()}

    def rating(self, rating_id: str, period: str | None = None) -> Rating | None:
        """Return the rating with this id that serves this period, if the bank has one."""
        for rating in self._ratings_by_id.get(rating_id, ()):
            if period is None or not rating.periods or period in rating.periods:
                return rating
        return None

    @cached_property
    def _ratings_by_id(self) -> Mapping[str, tuple[Rating, ...]]:
        found: dict[str, list[Rating]] = {}
        for rating in self.ratings:
            found.setdefault(rating.id, []).append(rating)
        return {rating_id: tuple(ratings) for rating_id, ratings in found.items()}
