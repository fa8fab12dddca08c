"""把正确的政策文件改坏三百次：只会有发现，不会有异常；读得出来的文件里不留替代值。"""

import random
from pathlib import Path

import pytest

from tests.policy.places import MADE_UP
from tuodi.kernel.shipped import shipped
from tuodi.policy.loader import load_document

ORIGINALS = [*sorted(shipped("policies").glob("*.yaml")), *sorted(MADE_UP.glob("*.yaml"))]
CONTROL = ["\x00", "\x07", "\x1b", "\x85", "\u2028", "\ufeff", "\ud800", "\ufffe"]
WORDS = [
    "none",
    "null",
    "true",
    "1e9",
    "-1",
    '"',
    "'",
    "[",
    "{",
    "]",
    "}",
    ": ",
    "- ",
    "&a ",
    "*a",
    "!!int ",
    "|",
    "? ",
]


def mutated(text: str, chance: random.Random) -> bytes:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(at, lines[at])
        case 2:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case 3:
            lines[at] = chance.choice([" ", "  ", "\t", "      "]) + lines[at]
        case 4:
            lines[at] = lines[at].replace('"', "")
        case 5:
            key, colon, _ = lines[at].partition(":")
            lines[at] = f"{key}{colon} {chance.choice(WORDS)}"
        case 6:
            place = chance.randrange(len(lines[at]) + 1)
            lines[at] = lines[at][:place] + chance.choice([*CONTROL, *WORDS]) + lines[at][place:]
        case _:
            data = "\n".join(lines).encode()
            cut = chance.randrange(len(data))
            return data[:cut] + bytes([chance.randrange(256)]) + data[cut + chance.randrange(3) :]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("seed", range(10))
def test_改坏的文件从不引发异常(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    refused = 0
    for number in range(30):
        path = tmp_path / f"{number}.yaml"
        data = chance.choice(ORIGINALS).read_text(encoding="utf-8")
        for _ in range(chance.randrange(1, 4)):
            data = mutated(data, chance).decode("utf-8", "replace")
        path.write_bytes(mutated(data, chance))
        document, findings = load_document(path)
        assert (document is None) == any(finding.is_error for finding in findings)
        assert all(finding.message and finding.advice and finding.sentence() for finding in findings)
        refused += document is None
        if document is not None:
            assert document.title
            assert document.components
            assert all(component.table and component.clause.at for component in document.components)
    assert refused >= 10
