"""The text of a disclosure: sentences with bound figures, chapter by chapter, as far as rules can write it."""

from tuodi.accounts.narrative.chapters import glossary, narrative, overview
from tuodi.accounts.narrative.prose import Ask, Block, Chapter, Paragraph, Subtitle
from tuodi.kernel.fragments import Figure, Fragment, Quote, Text, Words

__all__ = [
    "Ask",
    "Block",
    "Chapter",
    "Figure",
    "Fragment",
    "Paragraph",
    "Quote",
    "Subtitle",
    "Text",
    "Words",
    "glossary",
    "narrative",
    "overview",
]
