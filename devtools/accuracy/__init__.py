"""Accuracy of the parser, field by field, over saved, generated and damaged pages.

The pages are made from invented stories without the parser's code, so the story is the ground truth of its page.
"""
