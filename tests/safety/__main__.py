"""Whether danger is heard in what is typed: `python -m tests.safety [--unseen] [--misses]`.

Recall by topic, over the sentences that name it, for each language; then how many ordinary
sentences in fifty were offered a card. `--misses` lists both kinds of mistake, of the seen half
only: the other half is of use only as long as nobody reads it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from nmt_intake.bank.hearing import safety_topics
from nmt_intake.bank.loading import shipped_bank
from tests.safety.sentences import Sentence, Topic, written

_FIFTY: Final = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """One sentence and the topics that were offered for it."""

    sentence: Sentence
    offered: frozenset[str]

    @property
    def missed(self) -> frozenset[str]:
        return self.sentence.topics - self.offered

    @property
    def false(self) -> frozenset[str]:
        """Topics offered for nothing; one more beside a topic that is named is no mistake."""
        return frozenset() if self.sentence.topics else self.offered - self.sentence.may


def outcomes(sentences: Iterable[Sentence]) -> list[Outcome]:
    """Ask the program about every sentence."""
    folder = str(shipped_bank())
    return [Outcome(each, frozenset(safety_topics(folder, each.words))) for each in sentences]


def recall(found: Sequence[Outcome], topic: Topic) -> tuple[int, int]:
    """Return how often a topic was offered, of how many sentences that name it."""
    named = [each for each in found if topic in each.sentence.topics]
    return sum(topic in each.offered for each in named), len(named)


def heard_at_all(found: Sequence[Outcome]) -> tuple[int, int]:
    """Return how many dangerous sentences were offered any of their topics, of how many."""
    named = [each for each in found if each.sentence.topics]
    return sum(bool(each.sentence.topics & each.offered) for each in named), len(named)


def false_offers(found: Sequence[Outcome]) -> tuple[int, int]:
    """Return how many sentences without danger were offered a card, of how many."""
    harmless = [each for each in found if not each.sentence.topics]
    return sum(bool(each.false) for each in harmless), len(harmless)


def _share(counts: tuple[int, int]) -> str:
    hits, of = counts
    return f"{hits / of:.0%} of {of}" if of else "none"


def _print_recall(found: Sequence[Outcome]) -> None:
    languages = {
        "both": found,
        "English": [each for each in found if each.sentence.language == "en"],
        "Spanish": [each for each in found if each.sentence.language == "es"],
    }
    print(f"{'recall':14}" + "".join(f"{name:>14}" for name in languages))
    for topic in get_args(Topic):
        row = "".join(f"{_share(recall(those, topic)):>14}" for those in languages.values())
        print(f"{topic:14}{row}")
    row = "".join(f"{_share(heard_at_all(those)):>14}" for those in languages.values())
    print(f"{'any of them':14}{row}")


def _print_false_offers(found: Sequence[Outcome]) -> None:
    """Print the rate over what is plainly harmless, then each kind, the open ones too."""
    harmless = [each for each in found if not each.sentence.topics]
    kinds = sorted({each.sentence.kind for each in harmless})
    groups = {"all but open": [each for each in harmless if each.sentence.kind != "open"]}
    groups |= {kind: [each for each in harmless if each.sentence.kind == kind] for kind in kinds}
    print(f"\nfalse offers in {_FIFTY} sentences")
    for name, those in groups.items():
        false, of = false_offers(those)
        print(f"{name:14}{_FIFTY * false / of:14.1f}   ({false} of {of})")


def _print_misses(found: Sequence[Outcome]) -> None:
    for each in found:
        if each.missed:
            print(f"missed {', '.join(sorted(each.missed))}: {each.sentence.words}")
        if each.false:
            print(f"false  {', '.join(sorted(each.false))}: {each.sentence.words}")


def main() -> int:
    """Print the tables; the exit status is 0, for this measures and does not judge."""
    options = argparse.ArgumentParser(prog="python -m tests.safety", description=__doc__)
    chosen = options.add_mutually_exclusive_group()
    chosen.add_argument("--unseen", action="store_true", help="the half that nobody works from")
    chosen.add_argument("--fresh", action="store_true", help="written after the first families")
    options.add_argument("--misses", action="store_true", help="list what was missed or false")
    asked = options.parse_args()
    half = "unseen" if asked.unseen else "fresh" if asked.fresh else "seen"
    found = outcomes(written(half))
    if asked.misses and not asked.unseen:
        _print_misses(found)
    _print_recall(found)
    _print_false_offers(found)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
