"""What people are called in a copy that leaves the house: initials or a pseudonym, never a name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from nmt_intake.interview.state import Interview

NOBODY: Final = "the client"
_SHORTEST_NAME: Final = 2
_SHORTEST_PART: Final = 3


@dataclass(frozen=True, slots=True)
class Naming:
    """`shown` is what the client is called; each name in `hidden` gives way to its word."""

    shown: str
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])

    def applied(self, words: str) -> str:
        """Return the words with every hidden name replaced where it stands as a word."""
        for name, instead in self.hidden.items():
            whole = rf"(?<!\w){re.escape(name)}(?!\w)"
            case = re.IGNORECASE if len(name) >= _SHORTEST_PART else re.NOFLAG
            words = re.sub(whole, lambda _found, instead=instead: instead, words, flags=case)
        return words


def naming_of(interview: Interview, pseudonym: str | None) -> Naming:
    """Return how this copy calls people: the client by initials or pseudonym, others by relation.

    A name of several words is hidden as a whole and by each of its capitalised words.
    """
    client = interview.client
    shown = pseudonym or client.alias or NOBODY
    hidden: dict[str, str] = {}
    for informant in interview.informants.values():
        hidden |= dict.fromkeys(_names(informant.name), informant.relation)
    hidden |= dict.fromkeys(_names(client.name), shown)
    if pseudonym:
        aliases = (client.alias, client.alias.rstrip("."))
        hidden |= dict.fromkeys((each for each in aliases if len(each) >= _SHORTEST_NAME), shown)
    hidden.pop(shown, None)
    return Naming(shown, dict(sorted(hidden.items(), key=lambda pair: -len(pair[0]))))


def called(interview: Interview, naming: Naming) -> Interview:
    """Return the interview with its client called as this copy does, so that questions do too."""
    client = interview.client.model_copy(update={"alias": naming.shown, "name": None})
    return replace(interview, setting=replace(interview.setting, client=client))


def _names(name: str | None) -> Iterator[str]:
    if name is None or len(name) < _SHORTEST_NAME:
        return
    yield name
    for part in name.split():
        if len(part) >= _SHORTEST_PART and part[0].isupper():
            yield part
