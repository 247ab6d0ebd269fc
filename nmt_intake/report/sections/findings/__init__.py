"""What the ratings show: history, support, functioning, people of today."""
