"""Pure functions over text: charset, normalisation, dates, wire copy, verification, block page wording."""
