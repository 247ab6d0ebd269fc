"""What free words may tell that a copy must not: names of people, days, and substances.

Nothing here is sure to find everything: words are many. It errs to the side of leaving out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from nmt_intake.interview.ages import days_of
from nmt_intake.interview.state import Interview


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NOBODY: Final = "the client"
_SHORTEST_NAME: Final = 2
_SHORTEST_PART: Final = 3
# From here on a bare s or n at the end is taken for an ending: Milos is no Milo.
_LONG_NAME: Final = 6
_PARTICLES: Final = _words("""
    van von der den de del della di da dos das la las le los el al bin ibn ben ter ten zu zum
    af av mac mc o'
    """)
# Usual short forms that do not begin like the name; the others are found by how they begin.
_SHORT: Final[Mapping[str, str]] = {
    "alexander": "sasha sandy xander", "alejandro": "jano", "antonia": "toni toñi",
    "antonio": "toño toni", "catherine": "kate kathy katie kit cath",
    "charles": "charlie chuck carlos", "concepcion": "concha conchita", "dolores": "lola",
    "edward": "ted ned teddy", "eleanor": "nell nora ellie", "elena": "nena",
    "elizabeth": "liz lizzie beth betty bess eliza lisa", "enrique": "quique kike",
    "eduardo": "lalo", "francis": "frank", "francisca": "paca paquita pancha",
    "francisco": "paco pancho paquito curro", "guadalupe": "lupe lupita",
    "guillermo": "memo guille", "henry": "harry hank hal", "ignacio": "nacho",
    "isabel": "chabela belita", "isabella": "bella izzy", "james": "jim jimmy jamie",
    "jesus": "chucho chuy", "john": "jack johnny", "jose": "pepe chepe",
    "katherine": "kate kathy katie kat kit", "kathryn": "kate kathy katie kit",
    "lawrence": "larry", "luis": "lucho", "manuel": "manolo", "margaret": "peggy meg maggie greta",
    "maria": "mari mia marita", "mary": "molly polly", "mercedes": "meche", "miguel": "mike miki",
    "patricia": "trish pat patty", "rafael": "rafa", "richard": "dick rick rich",
    "robert": "bob bobby",
    "roberto": "beto", "rosario": "charo", "santiago": "santi chago", "sarah": "sally sadie",
    "sergio": "checo", "susan": "sue suzy", "teresa": "tere tete", "theodore": "ted teddy theo",
    "theresa": "tess terry", "william": "bill billy will liam",
}  # fmt: skip
# Beginnings of names that are everyday words.
_EVERYDAY: Final = frozenset(
    _words("""
    all and any are art but can car chat did for gin had ham has her his ill jam jan just may
    mar man men not one our out per phil she sol sun ten the tim was who will
    you que con por sin las los una
    """)
)
# Short forms that are everyday words where they are typed in small letters.
_EVERYDAY_SMALL: Final = frozenset(
    _words("bill chuck dick frank gene grace hope jack mark mike memo pepe rich rick rose sally")
)
_RELATIONS: Final = frozenset(
    _words("""
    mother father mum mom mam mummy mommy dad daddy parent parents stepmother stepfather
    stepmum stepdad grandmother grandfather grandma grandpa gran granny grandad nan nana
    grandparents aunt auntie uncle sister brother siblings half cousin wife husband partner
    friend neighbour neighbor foster adoptive birth step carer carers guardian teacher nurse
    doctor midwife social worker caseworker coach babysitter childminder family first second
    third fourth fifth other older younger great maternal paternal of the and madre padre mamá
    papá padres madrastra padrastro abuela abuelo abuelos tía tío hermana hermano prima primo
    esposa esposo pareja amiga amigo vecina vecino acogida adoptiva adoptivo primera primero
    segunda segundo maestra maestro familia de la los y
    """)
)


@dataclass(frozen=True)
class Naming:
    """`shown` is what the client is called; each name in `hidden` gives way to its word.

    A name is found in any case, in its possessive and plural, with the small words before it, by
    the usual short forms, by how it begins, and without its accents.
    """

    shown: str
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])

    def applied(self, words: str) -> str:
        """Return the words with every hidden name replaced where it stands as a word."""
        for pattern, instead in self._patterns:
            words = pattern.sub(lambda found, word=instead: word + _ending(found["end"]), words)
        return words

    @cached_property
    def _patterns(self) -> tuple[tuple[re.Pattern[str], str], ...]:
        return tuple(
            (pattern, instead)
            for name, instead in self.hidden.items()
            for pattern in _patterns_of(name)
        )


def naming_of(interview: Interview, pseudonym: str | None) -> Naming:
    """Return how this copy calls people: the client by initials or pseudonym, others by relation.

    A name of several words is hidden as a whole and by each of its capitalised words.
    """
    client = interview.client
    shown = pseudonym or client.alias or NOBODY
    hidden: dict[str, str] = {}
    for informant in interview.informants.values():
        names = tuple(_names(informant.name))
        named = any(name.casefold() in informant.relation.casefold() for name in names)
        instead = as_relation(informant.relation) if named else informant.relation
        hidden |= dict.fromkeys(names, instead)
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


def as_relation(words: str) -> str:
    """Return what of some words says who somebody is to the client, without a name: aunt."""
    known = [word for word in re.findall(r"[^\W\d_]+", words) if word.casefold() in _RELATIONS]
    nouns = [word for word in known if word.casefold() not in ("of", "the", "and", "de", "la", "y")]
    return " ".join(known) if nouns else "somebody"


def _names(name: str | None) -> Iterator[str]:
    if name is None or len(name) < _SHORTEST_NAME:
        return
    yield name
    for part in re.split(r"[\s\-]+", name):
        if len(part) >= _SHORTEST_PART and part[0].isupper() and part.casefold() not in _PARTICLES:
            yield part


def _patterns_of(name: str) -> Iterator[re.Pattern[str]]:
    """Yield what finds a name: itself in any case, and its short forms where capitalised."""
    spelt = "|".join(dict.fromkeys(re.escape(each) for each in (name, _unaccented(name))))
    small = "|".join(re.escape(each) for each in _PARTICLES)
    before = rf"(?:(?:{small})\s+)*" if len(name) >= _SHORTEST_PART else ""
    flags = re.IGNORECASE if len(name) >= _SHORTEST_PART else re.NOFLAG
    bare = "|e?s|n" if len(name) >= _LONG_NAME else ""
    yield re.compile(rf"(?<!\w){before}(?:{spelt})(?P<end>['’]s|['’]{bare})?(?!\w)", flags)
    short = dict.fromkeys((*_beginnings(name), *_short_forms(name)))
    forms = "|".join(re.escape(form) for each in short for form in _spellings(each))
    if forms:
        yield re.compile(rf"(?<!\w)(?:{forms})(?P<end>['’]s|['’])?(?!\w)")


def _spellings(short: str) -> tuple[str, ...]:
    """Return how a short form is typed; in small letters only where it is no everyday word."""
    small = short.casefold()
    typed_small = len(short) > _SHORTEST_PART and small not in _EVERYDAY_SMALL
    return (short, short.upper(), small) if typed_small else (short, short.upper())


def _beginnings(name: str) -> Iterator[str]:
    """Yield Marj, Marjo, ... of Marjolein, longest first, and Guillermito of Guillermo."""
    if " " in name or not name.isalpha():
        return
    for length in range(len(name) - 1, _SHORTEST_PART - 1, -1):
        if name[:length].casefold() not in _EVERYDAY:
            yield name[:length]
            yield from (name[:length] + end for end in ("y", "ie", "i"))
    stem = name[:-1] if name[-1] in "aeiou" else name
    yield from (stem + end for end in ("ito", "ita", "cito", "cita"))


def _short_forms(name: str) -> Iterator[str]:
    for form in _SHORT.get(_unaccented(name).casefold(), "").split():
        if form not in _EVERYDAY:
            yield form.capitalize()


def _unaccented(name: str) -> str:
    parts = unicodedata.normalize("NFD", name)
    return "".join(each for each in parts if not unicodedata.combining(each))


def _ending(said: str | None) -> str:
    return "'s" if said and said not in ("'", "’", "n") else ""


# ---- substances ----------------------------------------------------------------------------------

_SUBSTANCES: Final = re.compile(
    r"(?<!\w)(?:"
    r"alcohol\w*|drink|drinks|drinking|drinker\w*|drank|drunk\w*|booz\w*|beers?|wines?|port wine"
    r"|vodka|whisk\w+|liquor|rum|gin|hung ?over|hangovers?|tipsy|sober\w*|plastered"
    r"|drugs?|drugged|druggie\w*|heroin|cocaine|crack|meth|methamphetamin\w*|amphetamin\w*"
    r"|ecstasy|cannabis|marihuana|marijuana|weed|hash|hashish|spliffs?|stoned|opi(?:oid|ate)\w*"
    r"|methadone|buprenorphine|fentanyl|overdos\w*|od'd|addict\w*|rehab\w*|detox\w*"
    r"|smok(?:e|es|ed|er|ers|ing)|tobacco|cigarett?e?s?|fags?|vap(?:e|es|ed|ing)|nicotine"
    r"|benzos?|tranquill?i[sz]ers?|glue sniffing|dealers?|substances?"
    r"|beb(?:er|e|ía|ían|ió|ida|idas|iendo)|borrach\w+|cervezas?|licor\w*|trago|tragos|resaca"
    r"|drogas?|drogad\w+|drog(?:arse|aba|ó)|cocaína|heroína|porros?|fum(?:ar|a|aba|aban|ó|ando)"
    r"|tabaco|cigarr\w+|adict\w+|sobredosis|metadona"
    r")(?!\w)",
    re.IGNORECASE,
)


def mentions_substances(words: str) -> bool:
    """Return whether words speak of alcohol, tobacco or drugs, or may do (English and Spanish)."""
    return _SUBSTANCES.search(words) is not None


# ---- limits of sharing, in words -----------------------------------------------------------------

_BUT: Final = re.compile(
    r"(?<!\w)(?:not|no|nothing|never|without|except|excluding|apart from|leave out|keep out|don't"
    r"|but|menos|salvo|excepto|sin|nada|no|nunca|pero)(?!\w)(?P<what>[^.;!?]*)",
    re.IGNORECASE,
)
# Words of such a sentence that name nothing.
_EMPTY: Final = frozenset(
    _words("""
    everybody everyone anybody anyone nobody problem yes okay matter
    the part parts about what which that this these those there here all any anything everything
    something must should shall may can have has had get gets got give given see sees read reads
    know knows tell tells told said say says please just only want wants her his him she they them
    their our your you mine with for from and but not nothing never without except teacher teachers
    school doctor doctors team caseworker social worker family people person copy report things
    thing stuff bit bits of my to
    los las del que esto eso todo nada parte sobre para con una uno mis sus debe puede leer ver
    saber maestra maestro escuela médico equipo informe copia
    """)
)


def words_kept_back(limits: str) -> re.Pattern[str] | None:
    """Return what finds the things that a limit of sharing names, or None where it names none.

    "The teacher, but not the part about my son" keeps back whatever speaks of a son. It takes
    every word after a "not" that may be a thing, so it keeps back too much rather than too little;
    who sends a copy still reads the limit.
    """
    found = {
        word.casefold()
        for clause in _BUT.finditer(limits)
        for word in re.findall(r"[^\W\d_]{3,}", clause["what"])
        if word.casefold() not in _EMPTY
    }
    if not found:
        return None
    words = "|".join(sorted(map(re.escape, found)))
    return re.compile(rf"(?<!\w)(?:{words})(?:s|es|'s|’s)?(?!\w)", re.IGNORECASE)


# ---- days ----------------------------------------------------------------------------------------

_MONTHS: Final = (
    _words("""
    january february march april may june july august september october november december
    """),
    _words("""
    enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
    """),
)
_MONTH: Final = "|".join(
    form
    for names in _MONTHS
    for name in names
    for form in (name, f"{name[:3]}\\.?" if len(name) > 3 else name)
)
_DAY: Final = re.compile(
    rf"(?<![\w.])(?:on |since |in |el )?(?:"
    rf"(?P<iso>\d{{4}}-\d{{1,2}}(?:-\d{{1,2}})?)"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of| de)? (?P<month>{_MONTH})"
    rf"(?:,? (?:de |del )?(?P<year>\d{{4}}))?"
    rf"|(?P<month2>{_MONTH}) (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year2>\d{{4}})"
    rf"|(?P<month3>{_MONTH}),? (?:de |del )?(?P<year3>\d{{4}})"
    rf"|(?P<d4>\d{{1,2}})[./](?P<m4>\d{{1,2}})[./](?P<y4>\d{{4}}|\d{{2}})"
    rf"|(?P<year5>(?:19|20)\d\d)"
    rf"(?!\s*(?:g|grams?|ml|gramos|calories|steps|euros?|dollars?|pesos)\b)"
    rf")(?!\w)(?!\.\d)",
    re.IGNORECASE,
)


def dates_as_ages(words: str, birth: str | None, all_of_them: bool = True) -> str:
    """Return words with the client's age in place of each date in them; years alone count, too.

    Without `all_of_them` only days in the month of birth are replaced. Where the age cannot be
    told, it is "at a time left out".
    """
    born = days_of(birth) if birth else None

    def replaced(found: re.Match[str]) -> str:
        day = _day_of(found)
        if not all_of_them:
            if found["year5"] or day is None or born is None:
                return found[0]
            same = (day.year, day.month) == (born[0].year, born[0].month)
            return "around birth" if same else found[0]
        if day is None or born is None:
            return "at a time left out"
        months = (day.year - born[0].year) * 12 + day.month - born[0].month
        if months < 0:
            return "before birth"
        return f"at {months} months" if months < 24 else f"at {months // 12} years"

    return _DAY.sub(replaced, words)


def _day_of(found: re.Match[str]) -> date | None:
    """Return the day that was written, the first where only a month or a year was."""
    part = {name.rstrip("2345"): value for name, value in found.groupdict().items() if value}
    if iso := part.get("iso"):
        numbers = [int(each) for each in iso.split("-")]
        return _a_day(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
    if "d" in part and "y" in part:
        year, one, two = (int(part[each]) for each in "ymd")
        year = year if year > 99 else 2000 + year
        return _a_day(year, one, two) or _a_day(year, two, one)
    if "year" not in part:
        return None
    month = next(
        (
            names.index(name) + 1
            for names in _MONTHS
            for name in names
            if "month" in part and name.startswith(part["month"].casefold().rstrip("."))
        ),
        1,
    )
    return _a_day(int(part["year"]), month, int(part.get("day", 1)))


def _a_day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
