"""The walkers: one base, one small class a section."""
