"""How much of a page is read right: invented pages, what a reader would say of them, and what parsers say.

Nothing of the parser is used to make the pages: the story that is set on a page is what has to be read from it.
"""
