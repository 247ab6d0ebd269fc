"""The sequence rules: which help goes first, as data that was checked."""

from nmt_intake.scoring.recommending.sequence.reading import sequence_from
from nmt_intake.scoring.recommending.sequence.values import (
    AgeSpan,
    AlwaysInNow,
    CaregiverCounts,
    LowRating,
    MoveOn,
    ReviewTime,
    Sequence,
    SettingsBalance,
    Step,
)

__all__ = [
    "AgeSpan",
    "AlwaysInNow",
    "CaregiverCounts",
    "LowRating",
    "MoveOn",
    "ReviewTime",
    "Sequence",
    "SettingsBalance",
    "Step",
    "sequence_from",
]
