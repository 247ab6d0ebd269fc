"""The ids that the outside relies on: periods, rating items, functions, domains, missing reasons.

Ratings files, metrics, banks and scoring data written elsewhere use these words, so none of
them may change. Titles for people are data, in the question bank.
"""

from __future__ import annotations

from typing import Final

SAFETY_TOPICS: Final = ("self_harm", "current_harm", "weapons", "medical")

PERIODS: Final = (
    "intrauterine",
    "perinatal",
    "infancy",
    "early_childhood",
    "childhood",
    "youth",
    "adulthood",
)

# Half-open bounds in months from birth (ours: published tables use ages in words).
PERIOD_STARTS: Final = {
    "intrauterine": -9.0,
    "perinatal": 0.0,
    "infancy": 2.0,
    "early_childhood": 13.0,
    "childhood": 48.0,
    "youth": 144.0,
    "adulthood": 216.0,
}

ADVERSITY: Final = (
    "caregiving",
    "substance",
    "neglect",
    "violence",
    "transitions",
    "other_trauma",
)

RELATIONAL: Final = (
    "safety",
    "attunement",
    "consistency",
    "partner_support",
    "kin_support",
    "community_support",
)

FUNCTIONS: Final = (
    "cardiovascular",
    "autonomic",
    "temperature_metabolism",
    "eye_movements",
    "suck_swallow_gag",
    "attention_tracking",
    "feeding_appetite",
    "sleep",
    "fine_motor",
    "large_motor",
    "dissociation",
    "arousal",
    "neuroendocrine",
    "primary_sensory_integration",
    "reward",
    "affect_mood",
    "attunement_empathy",
    "psychosexual",
    "attachment",
    "memory_learning",
    "somatomotor_integration",
    "time_delay",
    "communication",
    "self_awareness",
    "speech",
    "concrete_cognition",
    "nonverbal_cognition",
    "impulse_modulation",
    "maths_symbolic",
    "reading_verbal",
    "abstract_reflective",
    "values_beliefs",
)

RELATIONSHIPS: Final = (
    "primary_caregivers",
    "siblings",
    "extended_family",
    "peers",
    "school_work",
    "community",
    "closest_friend_partner",
    "mentors",
    "helpers",
)

DOMAINS: Final = ("sensory_integration", "self_regulation", "relational", "cognitive")

REGIONS: Final = ("brainstem", "diencephalon_cerebellum", "limbic", "cortex", "frontal_cortex")

# HL7 data-absent-reason codes (CC0), in the order of preference when informants give several.
MISSING_REASONS: Final = (
    "temp-unknown",
    "asked-unknown",
    "asked-declined",
    "not-asked",
    "not-applicable",
    "masked",
)

LOWEST_RATING: Final = 1
HIGHEST_RATING: Final = 12
