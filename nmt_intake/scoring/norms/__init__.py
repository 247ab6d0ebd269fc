"""The scoring data files as values: what a rating is measured with."""

from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.reading import norms_from
from nmt_intake.scoring.norms.values import (
    BrainFunction,
    Norms,
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
)

__all__ = [
    "BrainFunction",
    "Expectation",
    "Norms",
    "Part",
    "PatternRule",
    "Period",
    "PretermCorrection",
    "RatingBand",
    "RecommendationBand",
    "norms_from",
]
