"""The scoring data files as values: what a rating is measured with."""

from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.files import (
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
)
from nmt_intake.scoring.norms.norms import BrainFunction, Norms, norms_from

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
