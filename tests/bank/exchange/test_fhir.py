"""A FHIR form taken in asks what the standard's own rule asks, on any answers."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from nmt_intake.bank.exchange import FormError
from nmt_intake.bank.exchange.fhir import read_questionnaire
from tests.bank.exchange.playing import as_json, imported, states
from tests.bank.exchange.random_forms import random_answers, random_form
from tests.bank.exchange.standard import enabled

STANDARD = "http://hl7.org/fhir/StructureDefinition/"


@pytest.mark.parametrize("seed", range(40))
def test_what_is_asked_is_what_the_standard_enables(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    form = random_form(random, random.randint(3, 25))
    bank, made = imported(read_questionnaire(as_json(form), "form.json"), tmp_path)
    assert [str(line) for line in made.left_out if "condition" in line.what] == []
    for _ in range(15):
        answers = random_answers(form, random)
        right = enabled(form, answers)
        ours = states(bank, made, answers)
        differing = {
            key: (ours[key], right[key]) for key in ours if (ours[key] is True) != right[key]
        }
        assert differing == {}, (answers, made.files)


def questionnaire(*items: dict[str, object], **more: object) -> bytes:
    """Return a Questionnaire with these items."""
    return as_json({"resourceType": "Questionnaire", "item": list(items), **more})


def item(link: str, kind: str = "boolean", **more: object) -> dict[str, object]:
    """Return one item."""
    return {"linkId": link, "text": f"About {link}?", "type": kind, **more}


def when(question: str, sign: str = "=", **answer: object) -> list[dict[str, object]]:
    """Return one criterion."""
    return [{"question": question, "operator": sign, **(answer or {"answerBoolean": True})}]


def test_a_form_becomes_a_bank(tmp_path: Path) -> None:
    coding = {"system": "urn:x", "code": "LA6", "display": "Often"}
    hidden = {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-hidden",
        "valueBoolean": True,
    }
    unit = {
        "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
        "valueCoding": {"display": "weeks"},
    }
    least = {"url": "http://hl7.org/fhir/StructureDefinition/minValue", "valueInteger": 0}
    loinc = [{"system": "http://loinc.org", "code": "8339-4"}]
    data = questionnaire(
        {
            "linkId": "1",
            "type": "group",
            "text": "Drinks",
            "item": [
                {"linkId": "1.0", "type": "display", "text": "Now the drinks."},
                item("1.1"),
                item("1.2", "choice", answerOption=[{"valueCoding": coding}], repeats=True),
                {"linkId": "1.3", "type": "display", "text": "One more."},
                item("1.4", "integer", extension=[hidden, unit, least], code=loinc),
            ],
        },
        item("2", "date", enableWhen=when("1.1")),
        title="A day",
        version="3",
    )
    bank, made = imported(read_questionnaire(data, "f.json"), tmp_path)
    assert made.left_out == ()
    assert (bank.title, bank.version) == ("A day", "3")
    assert [block.title for block in bank.blocks] == ["Drinks", "Questions"]
    assert bank.blocks[0].opening == "Now the drinks."
    often, weeks = bank.questions[made.questions["1.2"]], bank.questions[made.questions["1.4"]]
    assert (often.kind, dict(often.options)) == ("choices", {"la6": "Often"})
    assert made.codes["1.2"] == {"urn:x|LA6": "la6"}
    assert (weeks.preface, weeks.unit, weeks.hidden, weeks.loinc) == (
        "One more.",
        "weeks",
        True,
        "8339-4",
    )
    assert weeks.hard_check is not None
    assert weeks.hard_check.expect.text == "value % 1 == 0 and value >= 0"
    moved = bank.questions[made.questions["2"]]
    assert moved.when is not None
    assert moved.when.text == made.questions["1.1"]


EXPRESSION = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-enableWhenExpression"


@pytest.mark.parametrize(
    ("added", "told"),
    [
        (item("b", required=True), "b: that it is required: whatever is asked may be left"),
        (item("b", initial=[{"valueBoolean": True}]), "b: the initial value: an answer is what"),
        (item("b", "time"), "b: a time of the day: there is no such kind; it is asked in words"),
        (item("b", "attachment"), "b: an attachment: files are not taken in"),
        (item("b", "sound"), "b: an item: the type 'sound' is not known"),
        (item("a"), "a: an item: its linkId stands twice"),
        (item("b", "string", repeats=True), "b: several answers: only one is taken"),
        (item("b", "choice", answerValueSet="http://x"), "b: the options: its options are kept"),
        (item("b", enableWhen=when("gone")), "b: that it reads 'gone': no such question"),
        (item("b", enableWhen=when("b")), "b: the condition: it goes round in a circle: b -> b"),
        (
            item("b", enableWhen=when("a", ">", answerInteger=3)),
            "b: the condition: answerInteger >",
        ),
        (item("b", enableWhen=[{"question": "a"}]), "b: the condition: it has no operator"),
        (
            item("b", extension=[{"url": EXPRESSION, "valueExpression": {}}]),
            "b: enableWhenExpression: it is a FHIRPath or CQL expression; the question is always",
        ),
        (
            {"linkId": "b", "type": "display", "text": "So.", "enableWhen": when("a")},
            "b: the condition of a text: words between questions have no condition here",
        ),
        (item("b", text="Is {x} so?"), "b: what stands in braces in its text"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_cannot_be_taken_over_is_told(
    added: dict[str, object], told: str, tmp_path: Path
) -> None:
    form = read_questionnaire(questionnaire(item("a"), added, item("c")), "f.json")
    _, made = imported(form, tmp_path)
    assert told in "\n".join(map(str, made.left_out))


def test_a_repeated_group_is_asked_for_each_of_something(tmp_path: Path) -> None:
    group = {
        "linkId": "g",
        "type": "group",
        "text": "A move",
        "repeats": True,
        "item": [item("far"), item("where", "string", enableWhen=when("far"))],
    }
    after = item("after", enableWhen=when("far"))
    bank, made = imported(read_questionnaire(questionnaire(group, after), "f.json"), tmp_path)
    assert bank.blocks[0].for_each == "exposure"
    inside, outside = (bank.questions[made.questions[key]].when for key in ("where", "after"))
    assert inside is not None
    assert inside.text == "far"
    assert outside is not None
    assert outside.text == "any_of(g.far)"
    lines = "\n".join(map(str, made.left_out))
    assert "g: a repeated group: it is asked for each exposure here" in lines
    assert "after: which 'far' is read: the standard means the nearest one" in lines


CODINGS = [{"valueCoding": {"system": "urn:x", "code": code}} for code in ("1.1", "2.2", "no")]


@pytest.mark.parametrize(
    ("kind", "criterion", "text", "told"),
    [
        ("choice", when("a", answerString="no"), "a == 'no'", "it is read as a code"),
        ("choice", when("a", "<", answerDecimal=2), "a == 'c_1_1'", "it is read as a code"),
        ("choice", when("a", ">", answerDecimal=1), "a in ('c_1_1', 'c_2_2')", "read as a code"),
        ("choice", when("a", answerCoding={"code": "gone"}), "False", "a has no option 'gone'"),
        (
            "choice",
            when("a", "!=", answerCoding={"code": "no"}),
            "not answered(a) or a != 'no'",
            "",
        ),
        ("integer", [{"question": "a", "operator": "exists"}], "answered(a)", ""),
        ("integer", when("a", "exists", answerBoolean=False), "not answered(a)", ""),
        ("quantity", when("a", ">", answerQuantity={"value": 3, "unit": "kg"}), "a > 3", ""),
        (
            "dateTime",
            when("a", ">=", answerDateTime="2019-09-14T10:00:00Z"),
            "a >= '2019-09-14'",
            "the time of the day it compares with",
        ),
        ("boolean", when("a", answerBoolean=False), "not a", ""),
        ("string", when("a", answerString="it's"), 'a == "it\'s"', ""),
    ],
)
def test_a_criterion_reads_so(
    kind: str, criterion: list[dict[str, object]], text: str, told: str, tmp_path: Path
) -> None:
    more = {"answerOption": CODINGS} if kind == "choice" else {}
    data = questionnaire(item("a", kind, **more), item("b", enableWhen=criterion))
    bank, made = imported(read_questionnaire(data, "f.json"), tmp_path)
    condition = bank.questions[made.questions["b"]].when
    assert condition is not None
    assert condition.text == text
    assert told in "\n".join(map(str, made.left_out))


def test_a_condition_that_is_too_large_is_told(tmp_path: Path) -> None:
    asked = [item(f"a{number}") for number in range(450)]
    criteria = [each for number in range(450) for each in when(f"a{number}")]
    last = item("b", enableWhen=criteria, enableBehavior="any")
    _, made = imported(read_questionnaire(questionnaire(*asked, last), "f.json"), tmp_path)
    assert [str(line) for line in made.left_out] == [
        "b: the condition: written out it is too large; it is always asked"
    ]


@pytest.mark.parametrize("depth", [900, 100_000])
def test_a_form_nested_without_end_is_refused(depth: int) -> None:
    inner = '{"type": "group", "item": [' * depth + "{}" + "]}" * depth
    data = f'{{"resourceType": "Questionnaire", "item": [{inner}]}}'
    with pytest.raises(FormError):
        read_questionnaire(data.encode(), "f.json")


def test_a_value_set_that_comes_with_the_form_gives_the_options(tmp_path: Path) -> None:
    concepts = [{"code": "Y", "display": "Yes"}, {"code": "N", "display": "No"}]
    held = {
        "resourceType": "ValueSet",
        "id": "v",
        "compose": {"include": [{"system": "urn:x", "concept": concepts}]},
    }
    asked = item("a", "choice", answerValueSet="#v")
    coding = {"answerCoding": {"system": "urn:x", "code": "Y"}}
    then = item("b", enableWhen=when("a", **coding))
    form = read_questionnaire(questionnaire(asked, then, contained=[held]), "f.json")
    bank, made = imported(form, tmp_path)
    assert dict(bank.questions[made.questions["a"]].options) == {"y": "Yes", "n": "No"}
    condition = bank.questions[made.questions["b"]].when
    assert condition is not None
    assert condition.text == "a == 'y'"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b'{"resourceType": "Patient"}',
        b"[" * 100_000,
        b"\xff\xfe\x00",
        json.dumps("Questionnaire").encode(),
    ],
)
def test_what_is_no_questionnaire_is_refused(data: bytes) -> None:
    with pytest.raises(FormError):
        read_questionnaire(data, "f.json")


@pytest.mark.parametrize(
    "strange",
    [
        {"item": "x"},
        {"item": [None, 3, [], {}]},
        {"item": [{"linkId": 3, "type": 4, "enableWhen": {"a": 1}}]},
        {"item": [{"linkId": "a", "type": "choice", "answerOption": [{}, {"valueCoding": 3}]}]},
        {"item": [{"linkId": "and", "type": "boolean"}, {"linkId": "value", "type": "text"}]},
        {"title": 3, "version": [], "language": {}, "item": [{"linkId": "é ñ", "type": "url"}]},
    ],
)
def test_a_strange_form_is_taken_in_or_empty(strange: dict[str, object], tmp_path: Path) -> None:
    form = read_questionnaire(as_json({"resourceType": "Questionnaire", **strange}), "f.json")
    if any(section.items for section in form.sections):
        imported(form, tmp_path)


def test_options_come_from_wherever_the_form_has_them_and_what_is_lost_is_told(
    tmp_path: Path,
) -> None:
    exclusive = [{"url": f"{STANDARD}questionnaire-optionExclusive", "valueBoolean": True}]
    weight = [{"url": f"{STANDARD}itemWeight", "valueDecimal": 3}]
    none = {"valueCoding": {"code": "n", "display": "None of them"}, "extension": exclusive}
    some = {"valueCoding": {"code": "m"}, "extension": weight, "initialSelected": True}
    group = {"code": "g", "abstract": True, "contains": [{"code": "g1"}, {"code": "g2"}]}
    held = {"resourceType": "ValueSet", "id": "v", "expansion": {"contains": [group]}}
    far = {"answerCoding": {"system": "http://far", "code": "e1", "display": "E one"}}
    form = questionnaire(
        item("several", "choice", repeats=True, answerOption=[none, some]),
        item("held", "choice", answerValueSet="#v"),
        item("far", "choice", answerValueSet="http://far/vs"),
        item("hangs", enableWhen=when("far", "=", **far)),
        item("listed", "integer", answerOption=[{"valueInteger": 1}]),
        contained=[held],
        copyright="somebody's",
    )
    bank, made = imported(read_questionnaire(form, "f.json"), tmp_path)
    asked = {question.name: question for question in bank.questions.values()}
    assert asked["several"].alone == ("n",)
    assert list(asked["held"].options) == ["g1", "g2"]
    assert list(asked["far"].options) == ["e1", "other"]
    assert asked["hangs"].when is not None
    assert {(line.where, line.what) for line in made.left_out} == {
        ("the form", "copyright"),
        ("several", "the initial value"),
        ("several", "itemWeight of 'm'"),
        ("far", "the options"),
        ("listed", "the options"),
    }
