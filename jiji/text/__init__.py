"""Pure functions over text: charset, normalisation, dates, wire copy, similarity, block page wording."""
