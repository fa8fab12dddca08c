"""What may still be paid beside what others paid: one fen below, at and above what is due."""

import pytest

from tuodi.assessment.payments import PaymentLine, payable_fen, payment_lines


@pytest.mark.parametrize(
    ("due", "elsewhere", "payable"),
    [(100, 0, 100), (100, 1, 0), (100, 99, 0), (100, 100, 0), (100, 101, 0), (0, 0, 0), (0, 1, 0)],
)
def test_别处付过一分钱就不再支付(due: int, elsewhere: int, payable: int) -> None:
    assert payable_fen(due, elsewhere) == payable


@pytest.mark.parametrize(
    ("window", "others", "between"),
    [
        (0, 0, []),
        (100, 0, [("窗口已支付", 100)]),
        (40, 60, [("窗口已支付", 40), ("其他系统已支付", 60)]),
        (0, 99, [("其他系统已支付", 99), ("少付（作为疑点核对）", 1)]),
        (100, 1, [("窗口已支付", 100), ("其他系统已支付", 1), ("多付（作为疑点核对）", 1)]),
    ],
)
def test_各行从应支付到现在可支付(window: int, others: int, between: list[tuple[str, int]]) -> None:
    lines = payment_lines(100, window, others)
    last = 0 if window or others else 100
    assert lines == (("医疗救助应支付", 100), *(PaymentLine(*each) for each in between), ("现在可支付", last))
