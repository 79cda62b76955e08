"""Jiji Press's English news site as data."""
