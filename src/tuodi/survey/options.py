"""What stands in a cell -> the option that was meant: its text, with or without a letter, its number or its letter."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from tuodi.survey.words import bare, normal, words

_LETTER = re.compile(r"([A-Za-z])\s*[.、．:：)）]\s*(\S.*)|([A-Za-z])\s+(\S.*)", re.DOTALL)
_LETTER_ATTACHED = re.compile(r"([A-Za-z])(?=[\u3400-\u9fff])(.+)", re.DOTALL)
_OWN_WORDS = re.compile(r"[〖【].*[〗】]\s*$", re.DOTALL)
_BETWEEN_CHOICES = re.compile(r"[;；|\n,，、]")


def is_no_answer(cell: str) -> bool:
    """Tell whether a cell is empty, marked empty or marked skipped."""
    return not cell or normal(cell) in words().skipped | words().empty


def without_letter(text: str) -> str:
    """Return an option without the letter before it: ``A.是`` and ``A 是`` are ``是``."""
    match = _LETTER.fullmatch(text)
    return (match[2] or match[4]).strip() if match else text


def plain_option(cell: str) -> str:
    """Return an option as counted where nobody defined it: without a letter, without the words typed behind 其他."""
    return _OWN_WORDS.sub("", without_letter(cell.strip())).strip() or cell.strip()


def split_choices(cell: str) -> Iterator[str]:
    """Yield the choices of a cell in which the export joined several."""
    choices = [cell]
    for mark in words().joined_by:
        choices = [part for choice in choices for part in choice.split(mark)]
    return (choice.strip() for choice in choices if choice.strip())


def ordered_options(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the options found, each once, in the order of their letters if all have one, else as they first appear."""
    found: dict[str, str] = {}
    for cell in cells:
        match = _LETTER.fullmatch(cell)
        found.setdefault(plain_option(cell), (match[1] or match[3]).upper() if match else "")
    if found and all(found.values()):
        return tuple(sorted(found, key=lambda option: found[option]))
    return tuple(found)


class OptionReader:
    """Finds the option that a text means among the options of one question."""

    def __init__(self, options: Sequence[str]) -> None:
        """Index the options in their compared forms; a looser form counts only where it means one option."""
        self._options = tuple(options)
        self._by_form = {normal(option): option for option in reversed(self._options)}
        for form in (lambda option: normal(without_letter(option)), bare):
            forms = Counter(map(form, self._options))
            for option in self._options:
                if form(option) and forms[form(option)] == 1:
                    self._by_form.setdefault(form(option), option)

    def read(self, text: str) -> str | None:
        """Return the option; None if the text is none of them."""
        attached = _LETTER_ATTACHED.fullmatch(text)
        forms = [text, _OWN_WORDS.sub("", text), without_letter(text), plain_option(text)]
        forms += [attached[2]] if attached else []
        for form in forms:
            found = self._by_form.get(normal(form)) or self._by_form.get(bare(form))
            if found is not None:
                return found
        return self._by_place(normal(text))

    def choices(self, cell: str) -> list[str | None]:
        """Return the options a cell of a multiple question names, None for each that is unknown."""
        parts = list(split_choices(cell))
        if len(parts) == 1 and self.read(parts[0]) is None:
            parts = [part.strip() for part in _BETWEEN_CHOICES.split(parts[0]) if part.strip()]
        return list(dict.fromkeys(self.read(part) for part in parts))

    def _by_place(self, text: str) -> str | None:
        """Read the number of an option, from 1, or its letter."""
        if len(text) == 1 and "a" <= text <= "z":
            place = ord(text) - ord("a")
        elif re.fullmatch(r"[0-9]{1,3}", text):
            place = int(text) - 1
        else:
            return None
        return self._options[place] if 0 <= place < len(self._options) else None
