"""`nmt-intake bank`: check, cover, graph, schema, search, read, try, breadth, activity."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, cast

from nmt_intake.cli.loading import bank_folder, chosen_bank
from nmt_intake.errors import IntakeError
from nmt_intake.store.paths import find_cache
from nmt_intake.text import clean_line

if TYPE_CHECKING:
    from nmt_intake.rehearsal.persona_check import PersonaFinding


def check(options: argparse.Namespace) -> int:
    """Print what is wrong or doubtful; 1 if there is anything to mend."""
    from nmt_intake.casework.bank_check import check_bank
    from nmt_intake.cli.proof import leave_witnesses

    folder = bank_folder(options)
    report = check_bank(folder, options.budget, witnesses=options.witness is not None)
    told = leave_witnesses(folder, report, options.witness) if options.witness else None
    personas = _of_personas(folder) if not report.to_mend else ()
    if options.json:
        record = {**report.as_json(), **({"witnesses": told.as_json()} if told else {})}
        found = cast("list[object]", record["findings"])
        found += [each.as_json() for each in personas]
        print(json.dumps(record, indent=2, ensure_ascii=False))
    else:
        for finding in report.findings:
            print(clean_line(str(finding), 2000))
        for finding in personas:
            print(clean_line(f"personas/{finding}", 2000))
        if report.not_finished:
            print(clean_line(_not_finished(report.not_finished, options.budget), 2000))
        if told:
            print(told)
        print(
            f"{report.questions} questions in {report.blocks} blocks,"
            f" {len(report.findings) + len(personas)} findings."
        )
    return 1 if report.to_mend or personas else 0


def _of_personas(folder: Path) -> Sequence[PersonaFinding]:
    """Return what is wrong with the personas beside a bank that is in order itself."""
    from nmt_intake.bank.loading import load_bank
    from nmt_intake.rehearsal.persona_check import check_personas

    if not (folder / "personas").is_dir():
        return ()
    return tuple(check_personas(folder, load_bank(folder, find_cache()), date.today()))


def _not_finished(left: Sequence[str], budget: float) -> str:
    named = ", ".join(left[:8]) + (", ..." if len(left) > 8 else "")
    return f"not finished: {len(left)} were not decided in {budget:g} seconds: {named}."


def cover(options: argparse.Namespace) -> int:
    """Print what made-up answers reached; 1 if something was not reached."""
    from nmt_intake.interview.coverage import cover as covered

    coverage = covered(chosen_bank(options))
    if options.json:
        print(json.dumps(coverage.as_json(), indent=2, ensure_ascii=False))
    else:
        for line in coverage.lines():
            print(line)
    return 0 if coverage.complete else 1


def graph(options: argparse.Namespace) -> int:
    """Print the bank as Mermaid text."""
    from nmt_intake.bank.graphing import graph_text

    text = graph_text(chosen_bank(options), options.block)
    print(json.dumps({"mermaid": text}) if options.json else text)
    return 0


def schema(options: argparse.Namespace) -> int:
    """Print the JSON Schema of the bank's files; for a program on one line."""
    from nmt_intake.bank.schema import schemas

    bank_folder(options)  # one that is not there is refused here, too
    print(json.dumps(schemas(), indent=None if options.json else 2))
    return 0


def breadth(options: argparse.Namespace) -> int:
    """Print how many activities serve each function at each age, and how many of them are free."""
    from nmt_intake.bank.checking.activities import AGE_GROUPS
    from nmt_intake.bank.checking.activities import breadth as cells

    found: dict[str, dict[str, dict[str, int]]] = {}
    for cell in cells(chosen_bank(options)):
        counts = {"fitting": cell.count, "free": cell.free}
        found.setdefault(cell.function, {})[cell.group] = counts
    if options.json:
        print(json.dumps({"breadth": found}, indent=2))
        return 0
    print(f"{'fitting (free and short)':30}" + "".join(f"{group:>13}" for group in AGE_GROUPS))
    for function, row in found.items():
        told = (f"{each['fitting']} ({each['free']})" for each in row.values())
        print(f"{function:30}" + "".join(f"{text:>13}" for text in told))
    return 0


def activity(options: argparse.Namespace) -> int:
    """Print one activity as a card."""
    from nmt_intake.casework.assessment import norms_of
    from nmt_intake.cli.plan import put_cards
    from nmt_intake.scoring.planner import card_of, rules_of

    bank = chosen_bank(options)
    rules, wanted = rules_of(bank), str(options.activity)
    known = {each.id: each for each in bank.activities}
    if rules is None or wanted not in known:
        close: list[str] = get_close_matches(str(wanted), known, 1)
        advice = f"Did you mean '{close[0]}'?" if close else "See the bank's activities."
        what = f"there is no activity '{clean_line(wanted, 60)}'."
        raise IntakeError("PLAN-007", bank.folder, what, advice)
    put_cards((card_of(known[wanted], rules, norms_of(bank)),), options)
    return 0


def search(options: argparse.Namespace) -> int:
    """Print the places where words just said belong."""
    from nmt_intake.bank.hearing import safety_topics
    from nmt_intake.bank.searching import search as searched
    from nmt_intake.bank.stems import language_of
    from nmt_intake.interview.spoken_times.periods import period_said

    bank, words = chosen_bank(options), " ".join(options.words)
    period = period_said(words, language_of(words))
    results = searched(bank, words, max(1, options.limit), period)
    safety = safety_topics(bank.folder, words)
    if options.json:
        found = [
            {
                "question": each.question,
                "block": each.block,
                "title": each.title,
                "ask": each.ask,
                "score": each.score,
            }
            for each in results
        ]
        print(json.dumps({"results": found, "safety": safety}, indent=2, ensure_ascii=False))
        return 0
    if safety:
        print(f"safety\t{', '.join(safety)}")
    for each in results:
        print(f"{each.question}\t{each.title}\t{each.ask}")
    return 0


def read(options: argparse.Namespace) -> int:
    """Print a block as it is said aloud to one teller, with the time that takes."""
    from nmt_intake.casework.authoring import block_aloud

    lines = block_aloud(chosen_bank(options), options.block, options.teller, options.age * 12)
    if options.json:
        print(json.dumps({"lines": [asdict(each) for each in lines]}, indent=2, ensure_ascii=False))
        return 0
    for line in lines:
        for said in line.said:
            print(clean_line(said, 2000))
        if line.options:
            print(f"   {clean_line(' / '.join(line.options), 2000)}")
        if line.gate:
            print(f"   (asked when {clean_line(line.gate, 2000)})")
        print()
    always = sum(each.seconds for each in lines if not each.gate)
    every = sum(each.seconds for each in lines)
    print(f"{_minutes(always)} if no gate opens, {_minutes(every)} if all do (judgement).")
    return 0


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.1f} minutes" if seconds >= 60 else f"{seconds:.0f} seconds"


def try_out(options: argparse.Namespace) -> int:
    """Print what an answers file comes to, before and after a change of the bank."""
    from nmt_intake.bank.loading import load_bank
    from nmt_intake.casework.authoring import tried

    changed = tried(options.answers, load_bank(options.against), chosen_bank(options))
    if options.json:
        found = [asdict(each) for each in changed]
        print(json.dumps({"changed": found}, indent=2, ensure_ascii=False))
        return 0
    for each in changed:
        print(f"{each.what}\n   before  {each.before}\n   after   {each.after}")
    print(f"{len(changed)} differences." if changed else "Nothing differs.")
    return 0
