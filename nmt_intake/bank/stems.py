"""Cuts words to stems, so that `cried`, `crying` and `cries` are one word; English and Spanish.

Irregular forms are ours, the endings snowballstemmer's: of 90 pairs that belong together both join
80, either alone 70 to 74. Words that say little are kept, with a mark, for what is said in a row
("right here", "on my own") tells where they alone do not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import import_module
from typing import Final, Protocol, cast

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_FACT: Final = re.compile(r"\{[^{}]*\}")
_SILENT: Final = str.maketrans("", "", "'\u2019\u00b4")
LITTLE: Final = "~"

# Words that say little about where something belongs.
_EMPTY_WORDS: Final = {
    "en": """
    a about after again all also always am an and any anything are as at be because been before
    being but by came can come could did do does doing done each ever every everyone few for from
    get gets getting go goes going gone got had has have having he hed hes her here hers him his how
    i id if ill im in into is it its ive just know let like little lot made make makes many may me
    mean might more most mostly much must my no not now of often oh on once one or other our out
    over own quite really said say says shes she shed should so some someone something sometimes
    such take takes taken than that thats the their them then there these they theyd theyre thing
    things this those time times to told too up us used very was we well went were what when where
    which while who why will with would yes yet you youd youll your
    cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt wasnt werent wont wouldnt
    """,
    "es": """
    a al algo ante asi aunque cada casi como con cual cuando de del desde donde dos el ella ellas
    ellos en entre era eran es esa ese eso esta estaba estan este esto estoy fue fui ha habia han
    hasta hay he la las le les lo los mas me mi mis muy ni no nomas nos nosotros o para pero por
    porque que quien se ser si sin sobre solo son su sus tambien tan te tengo tiene todo todos tu
    un una uno unos va voy y ya yo
    """,
}
_EMPTY: Final = {language: frozenset(text.split()) for language, text in _EMPTY_WORDS.items()}

# Words whose forms no ending tells: form, then what it is a form of.
_IRREGULAR_FORMS: Final = """
    ate eat, babies baby, beaten beat, began begin, best good, better good, bit bite,
    bites bite, bitten bite, bled bleed, blew blow, bought buy, bound bind, broke break,
    broken break, brought bring, built build, came come, caught catch, children child,
    chose choose, chosen choose, clung cling, crept creep, died die, dies die, drank drink,
    drawn draw, dreamt dream, drew draw, driven drive, drove drive, drunk drink, dug dig,
    dying die, eaten eat, fallen fall, fed feed, feet foot, fell fall, felt feel, fled flee,
    flew fly, flung fling, forgot forget, forgotten forget, fought fight, froze freeze,
    frozen freeze, gave give, gone go, grew grow, grown grow, halves half, heard hear,
    held hold, hid hide, hidden hide, hung hang, kept keep, knew know, knives knife, known know,
    laid lay, lay lie, leapt leap, learnt learn, leaving leave, led lead, left leave, lied lie,
    lies lie, losing lose, lost lose, lying lie, made make, men man, met meet, mice mouse,
    misunderstood misunderstand, paid pay, ran run, rang ring, ridden ride, rode ride,
    rose rise, rung ring, sang sing, sat sit, saw see, seen see, sent send, shaken shake,
    shook shake, shot shoot, shown show, sleeping sleep, slept sleep, slid slide, sold sell,
    spat spit, spent spend, spoke speak, stole steal, stolen steal, stood stand, struck strike,
    stuck stick, stung sting, sung sing, swam swim, swept sweep, swore swear, sworn swear,
    swung swing, taken take, taught teach, teeth tooth, thought think, threw throw,
    thrown throw, told tell, took take, tore tear, torn tear, understood understand,
    waking wake, went go, wept weep, wives wife, woke wake, woken wake, women woman, won win,
    wore wear, worn wear, worse bad, worst bad, written write, wrote write
"""
_IRREGULAR: Final = dict(
    cast("tuple[str, str]", tuple(each.split())) for each in _IRREGULAR_FORMS.split(",")
)


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802


def language_of(text: str) -> str:
    """Return the language whose little words a text holds more of, English where none wins."""
    said = frozenset(plain_words(text))
    return "es" if len(said & _EMPTY["es"]) > len(said & _EMPTY["en"]) else "en"


def marked_stems(text: str, language: str = "en") -> list[str]:
    """Return every word's stem in order; words that say little begin with `LITTLE`."""
    empty = _EMPTY.get(language, _EMPTY["en"])
    return [
        LITTLE + word if word in empty or len(word) < 2 else stem(word, language)
        for word in plain_words(text)
    ]


def stems(text: str, language: str = "en") -> list[str]:
    """Return the stems of the words that say something, in order."""
    return [each for each in marked_stems(text, language) if not each.startswith(LITTLE)]


def plain_words(text: str) -> list[str]:
    """Return the words of a text: small, without accents, facts in braces left out, in order."""
    small = unicodedata.normalize("NFD", _FACT.sub(" ", text.lower()).translate(_SILENT))
    return _WORD.findall("".join(each for each in small if not unicodedata.combining(each)))


@lru_cache(maxsize=32_768)
def stem(word: str, language: str = "en") -> str:
    """Return a word without its endings: `cried`, `crying`, `cries` are one."""
    known = _IRREGULAR.get(word, word) if language == "en" else word
    return _stemmer(language).stemWord(known)


@cache
def _stemmer(language: str) -> _Stemmer:
    # Deferred: 12 ms, needed by the search and its compiling only. It comes without types.
    snowball = import_module("snowballstemmer")
    return cast("_Stemmer", snowball.stemmer({"es": "spanish"}.get(language, "english")))
