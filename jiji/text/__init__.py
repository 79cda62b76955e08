"""Pure functions over text: charsets, characters, dates, wire copy, similarity."""
