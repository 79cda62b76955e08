"""Benchmarks beside the plainest alternative in the same run; the ratio is the result, not the time."""
