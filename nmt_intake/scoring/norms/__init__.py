"""The scoring data files as values: what a rating is measured with."""

from nmt_intake.scoring.norms.expectation import Expectation, PretermCorrection
from nmt_intake.scoring.norms.files import (
    AgeBand,
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
)
from nmt_intake.scoring.norms.norms import BrainFunction, Norms, nearest, norms_from

__all__ = [
    "AgeBand",
    "BrainFunction",
    "Expectation",
    "Norms",
    "Part",
    "PatternRule",
    "Period",
    "PretermCorrection",
    "RatingBand",
    "RecommendationBand",
    "nearest",
    "norms_from",
]
