"""Ratings and norms in, metrics with intervals out: pure and exact.

Independent work: not affiliated with, not certified as, not interchangeable with NMT Metrics;
the scores are neither validated nor normed.
"""

from nmt_intake.scoring.measure import score
from nmt_intake.scoring.metrics import (
    DomainMetrics,
    FunctionMetrics,
    Interval,
    ItemSum,
    Json,
    Metrics,
    PatternToConsider,
    PeriodMetrics,
    Share,
    TopDown,
)
from nmt_intake.scoring.norms import (
    AgeBand,
    BrainFunction,
    Norms,
    Part,
    PatternRule,
    Period,
    RatingBand,
    RecommendationBand,
    norms_from,
)
from nmt_intake.scoring.ratings import Ratings, ratings_from, read_ratings

__all__ = [
    "AgeBand",
    "BrainFunction",
    "DomainMetrics",
    "FunctionMetrics",
    "Interval",
    "ItemSum",
    "Json",
    "Metrics",
    "Norms",
    "Part",
    "PatternRule",
    "PatternToConsider",
    "Period",
    "PeriodMetrics",
    "RatingBand",
    "Ratings",
    "RecommendationBand",
    "Share",
    "TopDown",
    "norms_from",
    "ratings_from",
    "read_ratings",
    "score",
]
