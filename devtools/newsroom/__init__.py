"""Invented newsroom: people, towns, sentences and stories for the replica and the accuracy measurement.

It imports nothing of the crawler, so that the crawler is never measured by itself.
"""
