"""Conditions that were tried on the checker, each with what it truly comes to.

`can` opens for some answers and closes for others; `never` and `always` are so for all.
"""

from __future__ import annotations

from typing import Any, Final

Plan = dict[str, Any]

# What the conditions may read: a block asked once, one for each carer, one for each period.
ABOUT: Final[Plan] = {
    "block": "a",
    "title": "About",
    "questions": [
        {"id": "sat", "ask": "Sat?", "kind": "age"},
        {"id": "crawled", "ask": "Crawled?", "kind": "age"},
        {"id": "walked", "ask": "Walked?", "kind": "age"},
        {"id": "first", "ask": "First day?", "kind": "date"},
        {"id": "last", "ask": "Last day?", "kind": "date"},
        {"id": "weight", "ask": "Weight?", "kind": "number", "unit": "g"},
        {
            "id": "small",
            "ask": "A small number?",
            "kind": "number",
            "unit": "times",
            "hard_check": {"expect": "value >= 0 and value <= 9", "say": "From 0 to 9."},
        },
        {"id": "drank", "ask": "Drank?", "kind": "yes_no"},
        {
            "id": "often",
            "ask": "Often?",
            "kind": "choice",
            "options": {"x": "X", "y": "Y", "z": "Z"},
        },
        {
            "id": "what",
            "ask": "What?",
            "kind": "choices",
            "options": {"n": "No", "i": "I", "j": "J"},
            "alone": ["n"],
        },
        {"id": "word", "ask": "A word?", "kind": "text"},
        {"id": "level", "ask": "How much?", "kind": "scale"},
        {"id": "lived", "ask": "From when to when?", "kind": "interval"},
        {"id": "more", "ask": "More?", "kind": "yes_no", "when": "drank"},
        {"id": "less", "ask": "Less?", "kind": "yes_no", "when": "not drank"},
    ],
}
CARERS: Final[Plan] = {
    "block": "c",
    "title": "Carers",
    "for_each": "caregiver",
    "questions": [
        {"id": "hurt", "ask": "Hurt?", "kind": "yes_no"},
        {
            "id": "how",
            "ask": "How?",
            "kind": "choice",
            "options": {"x": "X", "y": "Y"},
            "when": "hurt",
        },
        {"id": "met", "ask": "Met when?", "kind": "age"},
    ],
}
TIMES: Final[Plan] = {
    "block": "t",
    "title": "Times",
    "for_each": "period",
    "questions": [{"id": "hard", "ask": "Hard?", "kind": "yes_no"}],
}

TRIED: Final[tuple[tuple[str, str], ...]] = (
    # Ages, numbers and dates that stand between each other.
    ("a.sat < a.crawled < a.walked", "can"),
    ("a.sat < a.crawled < a.walked < a.sat", "never"),
    ("a.sat + 1 < a.crawled and a.crawled + 1 < a.walked and a.walked < a.sat + 2", "never"),
    ("a.sat + 1 < a.crawled and a.crawled + 1 < a.walked and a.walked < a.sat + 2.5", "can"),
    ("a.weight > 12 and a.weight < 13", "can"),
    ("a.weight * 2 == 7", "can"),
    ("a.weight // 2 == 3 and a.weight % 2 == 1.5", "can"),
    ("a.weight % 2 == 3", "never"),
    ("a.small > 9", "never"),
    ("a.small < 10", "always"),
    ("a.small + a.small > 17", "can"),
    ("a.small + a.small > 18", "never"),
    ("a.level >= 3.2 and a.level < 4", "never"),
    ("a.first > '2019-03-04' and a.first < '2019-03-06'", "can"),
    ("a.first > '2019-03-04' and a.first < '2019-03-05'", "never"),
    ("a.first == '2019-02'", "never"),
    ("a.first < a.last and a.last < '2000' and a.first > '1999-12-30'", "never"),
    (
        "months_between(a.first, a.last) > 3 and a.last < '2020-02-01' and a.first > '2019-09'",
        "can",
    ),
    # The client's facts hang together.
    ("client.age_months >= 12 and client.corrected_age_months < 12", "can"),
    ("client.corrected_age_months > client.age_months", "never"),
    ("client.age_months >= 24 and client.corrected_age_months < 24", "never"),
    ("client.age_months - client.corrected_age_months > 4", "can"),
    ("client.age_months - client.corrected_age_months > 5", "never"),
    ("client.gestation_weeks >= 37 and client.corrected_age_months < client.age_months", "never"),
    ("client.gestation_weeks < 20", "never"),
    (
        "client.birth > '2020-06-01' and client.age_months > 30 and interview.date < '2024'",
        "can",
    ),
    ("client.birth > '2020-06-01' and client.age_months > 40 and interview.date < '2023'", "never"),
    ("client.age_months >= 0", "always"),
    # Carers, and periods that follow from the age.
    ("count_of(c.hurt, True) >= 3", "can"),
    ("count_of(c.hurt, True) >= 2 and all_of(c.hurt)", "can"),
    ("all_of(c.hurt) and any_of(c.hurt) and count_of(c.hurt, False) > 0", "never"),
    ("any_of(c.how, 'x') and count_of(c.hurt, True) == 0", "never"),
    ("any_of(c.how, 'x') and all_of(c.how, 'y')", "never"),
    ("count_of(c.how, 'x') == 2 and count_of(c.how, 'y') == 1", "can"),
    ("min_of(c.met) > 12 and max_of(c.met) < 12", "never"),
    ("count_of(t.hard, True) >= 7", "can"),
    ("count_of(t.hard, True) >= 8", "never"),
    ("count_of(t.hard, True) >= 6 and client.age_months < 48", "never"),
    ("count_of(t.hard, True) >= 4 and client.age_months < 48", "can"),
    # Branches that close each other, codes, words, silence.
    ("a.more and a.less", "never"),
    ("a.more and not a.drank", "never"),
    ("not a.more and a.drank", "can"),
    ("answered(a.more) and answered(a.less)", "never"),
    ("has(a.what, 'n') and has(a.what, 'i')", "never"),
    ("has(a.what, 'j') and has(a.what, 'i')", "can"),
    ("not has(a.what, 'n') and not has(a.what, 'i') and not has(a.what, 'j')", "never"),
    ("a.often == 'x' or a.often != 'x'", "always"),
    ("a.often in ('x', 'y') and a.often in ('y', 'z')", "can"),
    ("a.word == 'red' and a.word == 'blue'", "never"),
    ("a.word != 'red' and a.word != 'blue'", "can"),
    ("missing(a.drank) and a.drank", "never"),
    ("reason(a.drank) == 'masked' and reason(a.often) == 'not-asked'", "can"),
    ("informant.kind == 'self' and informant.kind == 'caregiver'", "never"),
    ("informant.known_from_months > client.age_months", "can"),
    ("starts(a.lived) > 24 and ends(a.lived) < 23 and client.age_months > 30", "never"),
    ("during(a.lived, 'infancy') and starts(a.lived) >= 13", "never"),
    ("during(a.lived, 'infancy') and ends(a.lived) > 200", "can"),
)
