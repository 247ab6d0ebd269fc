"""What follows: strengths, a pattern, first steps, what to ask, whom to tell."""
