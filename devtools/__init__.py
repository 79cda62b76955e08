"""Development tools that are not deployed: replica, accuracy, benchmarks, generated docs."""
