"""What somebody who tells is to the story: told from the relation, in the words people write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from nmt_intake.bank.model import Role
from nmt_intake.interview.events import Informant

# Read in this order; English and Spanish (judgement: the words that stand on referral forms).
_WORDS: Final[Mapping[Role, re.Pattern[str]]] = {
    "teacher": re.compile(
        r"\b(teacher|school|nursery|kindergarten|playgroup|maestr[ao]|profesora?|escuela|docente)\b"
    ),
    "caseworker": re.compile(
        r"\b(case ?worker|social worker|case manager|guardian ad litem|file|trabajadora? social|"
        r"expediente)\b"
    ),
    "birth_mother": re.compile(
        r"^(his |her |their |the |la |su |my )?(birth|biological|natural|own)? ?"
        r"(mother|mum|mom|mummy|mommy|mam[aá]|madre)( biol[oó]gica)?$"
    ),
}


def role_of(informant: Informant) -> Role | None:
    """Return what somebody is to the story, or None; a birth mother is a carer, never a worker."""
    relation = informant.relation.casefold().strip()
    for role, words in _WORDS.items():
        if (role == "birth_mother") == (informant.kind == "caregiver") and words.search(relation):
            return role
    return None
