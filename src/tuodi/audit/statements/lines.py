"""Places of a text file's lines among the paper's blocks."""

from bisect import bisect_right
from dataclasses import replace

from tuodi.audit.paper.model import Paper, Place


def place_of_line(paper: Paper, number: int) -> Place:
    """Return the place of a line (counted from 1): that of the block it stands in."""
    places = [block.place for block in paper.blocks if block.place.line is not None]
    lines = [place.line or 0 for place in places]
    at = bisect_right(lines, number) - 1
    return replace(places[max(0, at)], line=number) if places else Place(line=number)
