"""The reading level of what is said aloud: `python -m tests.reading_level`.

US school grade by Flesch and Kincaid over every spoken text: openings, prefaces, questions and
their wordings, probes. The bank promises an average of 7 or lower; the hardest are listed.
"""

from __future__ import annotations

from collections.abc import Iterator

import textstat

from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.bank.wording import TEXT_FACTS, fill

PROMISED_AVERAGE = 7.0
_FACTS = dict.fromkeys(TEXT_FACTS, "Sam")


def spoken_texts(bank: Bank) -> Iterator[tuple[str, str]]:
    """Yield where and what for every text that is said aloud."""
    for block in bank.blocks:
        if block.opening:
            yield block.id, fill(block.opening, _FACTS)
        for question in block.questions:
            texts = (question.preface, question.ask, *question.wordings.values(), *question.probes)
            for text in texts:
                if text:
                    yield question.id, fill(text, _FACTS)


def grade(text: str) -> float:
    """Return the school grade of any text."""
    return float(textstat.flesch_kincaid_grade(text))


def grades(bank: Bank) -> list[tuple[float, str, str]]:
    """Return grade, place and text of everything spoken, hardest first."""
    found = [
        (textstat.flesch_kincaid_grade(text), where, text) for where, text in spoken_texts(bank)
    ]
    return sorted(found, reverse=True)


def main() -> None:
    """Print the average, the share above the promise, and the ten hardest texts."""
    found = grades(load_bank())
    average = sum(grade for grade, _, _ in found) / len(found)
    above = sum(grade > PROMISED_AVERAGE for grade, _, _ in found)
    print(f"{len(found)} spoken texts, average grade {average:.1f}, {above} above 7")
    for grade, where, text in found[:10]:
        print(f"{grade:5.1f}  {where}: {text}")


if __name__ == "__main__":
    main()
