"""Text with facts in braces: a closed list of facts, and nothing else in braces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

# Where a fact can be used: "" everywhere, else only in a block repeated over this.
TEXT_FACTS: Final[dict[str, str]] = {
    "client.name": "",
    "client.they": "",
    "client.them": "",
    "client.their": "",
    "client.age": "",
    "informant.name": "",
    "period.name": "period",
    "period.ages": "period",
    "caregiver.name": "caregiver",
    "placement.name": "placement",
    "exposure.name": "exposure",
}

_BRACES: Final = re.compile(r"\{([^{}]*)\}")


def facts_in(text: str) -> tuple[str, ...]:
    """Return what stands in braces in `text`, known or not."""
    return tuple(_BRACES.findall(text))


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Return `text` with each fact in braces replaced by its words; an unknown one stays."""
    if "{" not in text:
        return text
    return _BRACES.sub(lambda found: facts.get(found[1], found[0]), text)


def respelled(text: str, words: Mapping[str, str]) -> str:
    """Return a text with other words for some of its words; a capital stays one."""
    if not words:
        return text

    def said(found: re.Match[str]) -> str:
        other = words[found[0].lower()]
        return other[0].upper() + other[1:] if found[0][0].isupper() else other

    return _words_in(tuple(words)).sub(said, text)


@lru_cache(maxsize=8)
def _words_in(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(words, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
