"""State into text: pure functions from an interview to what a pane shows."""
