"""The doors: what leaves by a file or a stream, and whether it got there."""
