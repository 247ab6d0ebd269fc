"""What interviewers say, and the kinds that readers gave it by .readme/question-kinds.md."""
