"""Facts about Jiji Press's English site: sections and URLs."""
