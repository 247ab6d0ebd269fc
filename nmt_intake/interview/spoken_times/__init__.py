"""Times as people say them, in English and Spanish: `read(words, kind, context)`.

See .readme/times.md for what each word means. A parser: `tokens` makes lexemes of an utterance by
the words of its language (`en.json`, `es.json`), `phrases` finds the times in them, `ages`,
`dates`, `edtf`, `amounts` and `intervals` say how wide each is, `remarks` judges what is left over,
`reader` puts them together and `stored` makes an answer of it. In doubt it asks back.
"""

from nmt_intake.interview.spoken_times.context import Context
from nmt_intake.interview.spoken_times.reader import read
from nmt_intake.interview.spoken_times.results import Told, Unclear

__all__ = ["Context", "Told", "Unclear", "read"]
