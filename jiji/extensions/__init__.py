"""What listens to a run and writes outputs beside the feed."""
