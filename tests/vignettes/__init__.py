"""Sixty written vignettes: made-up people, their answers, and what a careful rater would give.

How they were written. Each story was made up first, then the answers that such a person, family
or file would give, then, for some ratings, the range that a careful rater would give, with the
reason. The ranges were read off the anchors (question_bank/ratings) and the published habits
(bands, unknown stays unknown, err to the side of less risk, the outermost bands only for what
more than one source bears out), *not* off the rules, whose suggestions were not looked at. They
are judgements. 700 were written before any suggestion had been seen; 113 were added to the same
people after the first table had been printed, of ratings that it did not show.

- One teller of the worst: 8 to 10. Two sources, or a file: 10 to 12. The same the other way
  round for relational health.
- What stands on the time line, among the milestones or under safety counts against a short
  question that says otherwise; the range then says how far the two leave it open.
- A function's range was judged as for a grown-up (anchors: severe 1-3, moderate 4-6, mild 7-9,
  typical 10-12) and carried over to the age by its expectation, which the reason states where it
  is below 12.
- `unknown: true`: nobody can say, so no single value may be suggested. `wide: true`: the tellers
  contradict each other, so no single value may be suggested, and the range has to lie about
  here. `not_applicable: true`: it has to leave the sum and its denominator.

`python -m tests.vignettes` holds today's rules against them, `python -m
tests.vignettes.monotone` looks for worse answers that give a better rating.
"""
