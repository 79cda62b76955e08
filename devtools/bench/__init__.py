"""Measurements, each beside the plainest alternative in the same run: the ratio counts, not the time."""
