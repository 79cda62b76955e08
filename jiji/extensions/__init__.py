"""Extensions: listeners of a run that write outputs beside the feed."""
