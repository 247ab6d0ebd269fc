"""The parts of a screen: each takes a value, shows it, and posts what happened."""
