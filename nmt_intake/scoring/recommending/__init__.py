"""Which activities are suggested, in which order and why; the clinician decides."""

from nmt_intake.scoring.recommending.circumstances import (
    Chosen,
    Circumstances,
    Dropped,
    Strength,
)
from nmt_intake.scoring.recommending.interviewed import circumstances_of, strengths_from
from nmt_intake.scoring.recommending.plan import (
    Area,
    Held,
    Line,
    OnOccasion,
    Phase,
    Plan,
    Review,
)
from nmt_intake.scoring.recommending.recommend import recommend
from nmt_intake.scoring.recommending.sequence import Sequence, sequence_from

__all__ = [
    "Area",
    "Chosen",
    "Circumstances",
    "Dropped",
    "Held",
    "Line",
    "OnOccasion",
    "Phase",
    "Plan",
    "Review",
    "Sequence",
    "Strength",
    "circumstances_of",
    "recommend",
    "sequence_from",
    "strengths_from",
]
