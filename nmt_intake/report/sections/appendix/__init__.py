"""What everything rests on: answers, ratings and their evidence, versions, limits."""
