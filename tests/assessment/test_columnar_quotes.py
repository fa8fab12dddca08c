"""Which quoting of a CSV file the columnar engine may leave to Arrow: only that which nobody reads differently."""

import numpy as np
import pytest

from tuodi.assessment.columnar.compiled import COMPILED

PLAIN = {
    "没有引号": b"a,b\n1,2\n",
    "每格都有引号": b'"a","b"\r\n"1","2"\r\n',
    "引号里有逗号": b'a,b\n"1,5",2\n',
    "空的引号": b'a,b\n"",2\n',
    "最后一格以引号结束、没有换行": b'a,b\n1,"2"',
}
ODD = {
    "引号后面还有字": b'a,b\n"50"0.00,2\n',
    "引号在字的后面": b'a,b\n5"0,2\n',
    "成对写的引号": b'a,b\n"x ""y""",2\n',
    "引号里换行": b'a,b\n"1\n2",2\n',
    "没有关上的引号": b'a,b\n1,"2\n',
    "引号前有空格": b'a,b\n1, "2"\n',
}


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_整格加引号的可以成批读(content: bytes) -> None:
    assert COMPILED["plain_quotes"](np.frombuffer(content, np.uint8))


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_别的引号逐行读(content: bytes) -> None:
    assert not COMPILED["plain_quotes"](np.frombuffer(content, np.uint8))
