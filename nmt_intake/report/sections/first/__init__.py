"""What a reader meets first: the summary, the sources, how to read it."""
