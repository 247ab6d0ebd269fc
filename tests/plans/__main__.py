"""`python -m tests.plans`: each judged profile, what its plan hits and misses."""

from __future__ import annotations

import sys
from collections import Counter
from statistics import median
from time import process_time

from tests.plans.adapter import about, plan_of
from tests.plans.judging import judged, profiles, ratings_file


def main(wanted: list[str]) -> int:
    met: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    times: list[float] = []
    count = 0
    for profile in profiles():
        if wanted and profile["id"] not in wanted:
            continue
        count += 1
        data = ratings_file(profile)
        plan_of(data)
        start = process_time()
        plan = plan_of(data)
        times.append(1000 * (process_time() - start))
        verdicts = list(judged(profile, plan))
        for verdict in verdicts:
            kind = "must_not" if verdict.kind == "must_not" else "must"
            asked[kind] += 1
            met[kind] += verdict.met
        missed = [verdict for verdict in verdicts if not verdict.met]
        print(f"{profile['id']}: {len(verdicts) - len(missed)} of {len(verdicts)}")
        for verdict in missed:
            print(f"  missed {verdict.kind}: {verdict.says}")
        if wanted:
            _show(plan)
    musts, nots = asked["must"], asked["must_not"]
    print(
        f"\n{count} profiles. Musts: {met['must']} of {musts}"
        f" ({100 * met['must'] / max(1, musts):.1f} %)."
        f" Must nots broken: {nots - met['must_not']} of {nots}."
        f" One plan, of processor time: median {median(times or [0]):.1f} ms,"
        f" slowest {max(times, default=0):.1f} ms."
    )
    good = met["must"] >= 0.95 * musts and met["must_not"] == nots
    return 0 if good else 1


def _show(plan: dict) -> None:
    for key in ("said_first", "ask_first", "rate_first"):
        for row in plan.get(key, []):
            print(f"    {key}: {row}")
    for phase in plan["phases"]:
        print(f"    {phase['id']}")
        for line in phase["lines"]:
            to = about(line["activity"]).addressee
            print(
                f"      {line['activity']} [{to}] {line['functions']} by {line['led_by']}"
                f" {line['minutes_a_week']} min; {' '.join(line['reasons'])}"
            )
    for row in plan["unanswered"]:
        print(f"    unanswered: {row}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
