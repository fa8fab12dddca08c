"""Counting the paragraphs and tables of a section, so that a place can be told where a file has no lines or pages."""

from collections.abc import Sequence
from dataclasses import replace

from tuodi.audit.paper.model import Block, Paragraph, Place, Role, Table


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks with the number of each within its section; headings, contents and known places have none."""
    section, paragraphs, tables = "", 0, 0
    found: list[Block] = []
    for block in blocks:
        if block.place.section != section:
            section, paragraphs, tables = block.place.section, 0, 0
        if isinstance(block, Table):
            tables += 1
        elif block.role not in (Role.HEADING, Role.CONTENTS):
            paragraphs += 1
        found.append(block if _is_known(block.place) else _with_number(block, paragraphs, tables))
    return tuple(found)


def _is_known(place: Place) -> bool:
    return bool(place.sheet) or place.line is not None or place.page is not None


def _with_number(block: Block, paragraphs: int, tables: int) -> Block:
    if isinstance(block, Paragraph):
        counted = block.role not in (Role.HEADING, Role.CONTENTS)
        return replace(block, place=replace(block.place, paragraph=paragraphs)) if counted else block
    rows = tuple(
        tuple(replace(cell, place=replace(cell.place, table_number=tables)) for cell in row) for row in block.rows
    )
    return replace(block, rows=rows, place=replace(block.place, table_number=tables))
