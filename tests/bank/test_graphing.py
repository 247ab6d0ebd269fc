"""The graph and the schema that authors ask for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from nmt_intake.bank.graphing import graph_text
from nmt_intake.bank.loading import load_bank
from nmt_intake.bank.model import Bank
from nmt_intake.bank.schema import schemas
from nmt_intake.errors import IntakeError
from tests.banks import shipped

_LINE = re.compile(
    r"flowchart TD"
    r"|    q_\w+\[\"[^\"]*\"\]"
    r"|    q_\w+ (-->|-\.->) q_\w+"
    r"|    q_\w+ -->\|\"[^\"|]*\"\| q_\w+"
    r"|    subgraph q_\w+ \[\"[^\"]*\"\]"
    r"|        q_\w+(\[\"[^\"]*\"\]|\{\{\"[^\"]*\"\}\})"
    r"|    end"
    r"|    q_\w+\(\[\"[^\"]*\"\]\)"
)


def test_every_line_of_every_graph_is_mermaid() -> None:
    bank = shipped()
    for block in (None, *(each.id for each in bank.blocks)):
        for line in graph_text(bank, block).splitlines():
            assert _LINE.fullmatch(line), line


def test_a_block_shows_its_questions_and_what_they_stand_behind() -> None:
    text = graph_text(shipped(), "sleep")
    assert "q_sleep__usual[" in text
    assert "q_sleep__usual -->|" in text


def test_labels_cannot_break_out(tmp_path: Path) -> None:
    nasty = 'a "]; click x href "javascript:alert(1)" %% <b>|{x}` #quot; \\\\ end'
    bank = _bank(tmp_path, nasty)
    for text in (graph_text(bank), graph_text(bank, "end")):
        for line in text.splitlines():
            assert _LINE.fullmatch(line), line
        assert "<b>" not in text
        assert "click x" not in text.replace("#34;#93;#59; click x", "")


def test_an_unknown_block_is_told(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="is no block of this bank"):
        graph_text(_bank(tmp_path, "x"), "nowhere")


def test_the_schemas_name_every_key_an_author_may_write() -> None:
    found = schemas()
    assert set(found) == {"bank", "block", "ratings", "activities"}
    block = found["block"]
    assert isinstance(block, dict)
    assert block["required"] == ["block", "title", "questions"]
    assert block["additionalProperties"] is False
    definitions = block["$defs"]
    assert isinstance(definitions, dict)
    question = definitions["QuestionSource"]
    assert isinstance(question, dict)
    keys = question["properties"]
    assert isinstance(keys, dict)
    assert {"id", "ask", "kind", "options", "when", "unit", "silence"} <= keys.keys()


def _bank(folder: Path, title: str) -> Bank:
    quoted = title.replace("'", "''").replace("{x}", "")
    (folder / "bank.yaml").write_text("id: x\nversion: 1\nblocks: [end]\n")
    (folder / "end.yaml").write_text(
        f"block: end\ntitle: '{quoted}'\nquestions:\n  - id: graph\n    ask: '{quoted}'\n"
        f"    kind: yes_no\n  - id: b\n    ask: '{quoted}'\n    kind: text\n    when: graph\n"
    )
    return load_bank(folder)
