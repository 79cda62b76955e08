"""Benchmarks beside the plainest alternative in the same run. The ratio is the result, not the time."""
