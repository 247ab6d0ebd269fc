"""What may be kept and shown of a text that came from a person or a file."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_TEXT: Final = 20_000

# C0 but tab and newline, DEL, C1, bidirectional controls and isolates, other invisible
# formatting that hides or reorders text (soft hyphens, fillers), line and paragraph separators,
# lone surrogates.
_UNWANTED: Final = re.compile(
    # A joiner means something after the signs that join letters of India, and between pictures;
    # elsewhere it only hides.
    "(?<![\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
    "\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d|"
    "[\xad\u034f\u115f\u1160\u180e\u3164\uffa0"
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str, limit: int = LONGEST_TEXT) -> str:
    """Return `text` without control, bidirectional and surrogate characters, `limit` long at most.

    Letters are composed (NFC), so that a name is the same however it was typed. Line ends become
    `\\n`; tab and newline stay. Nothing that is left can steer a terminal or
    reorder what is read. The result is a fixed point: cleaning twice changes nothing.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNWANTED.sub("", unified))[:limit]


def clean_line(text: str, limit: int = 300) -> str:
    """Return `clean(text)` on one line: runs of white space become one space."""
    return " ".join(clean(text, limit * 4).split())[:limit].rstrip()
