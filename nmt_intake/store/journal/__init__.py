"""The sealed journal: frames that can be added to and checked, never changed."""
