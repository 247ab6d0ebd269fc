"""What the screens work with, without any screen: the desk, an open case, saving, settings."""
