"""The few widgets that the screens refill."""
