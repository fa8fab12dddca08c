"""What may still be paid for a settlement beside what others have paid for it already, and the lines that say so."""

from typing import NamedTuple

from tuodi.kernel.money import Fen

DUE, PAYABLE = "医疗救助应支付", "现在可支付"
AT_WINDOW, BY_OTHERS = "窗口已支付", "其他系统已支付"


class PaymentLine(NamedTuple):
    """One line at the foot of a receipt; ``amount_fen`` is never negative."""

    name: str
    amount_fen: Fen


def payable_fen(due_fen: Fen, elsewhere_fen: Fen) -> Fen:
    """Return what may be paid now: what is due, and only where nobody has paid anything yet.

    Where others paid another sum than is due, the difference is a doubt to be checked, never payable by itself.
    """
    return 0 if elsewhere_fen else due_fen


def payment_lines(due_fen: Fen, window_fen: Fen, others_fen: Fen) -> tuple[PaymentLine, ...]:
    """Return what is due, what the window and other systems paid, by how much that is wrong, what is payable now."""
    elsewhere = window_fen + others_fen
    lines = [PaymentLine(DUE, due_fen)]
    lines += [PaymentLine(name, paid) for name, paid in ((AT_WINDOW, window_fen), (BY_OTHERS, others_fen)) if paid]
    if elsewhere and elsewhere != due_fen:
        wrong = "少付" if elsewhere < due_fen else "多付"
        lines.append(PaymentLine(f"{wrong}（作为疑点核对）", abs(due_fen - elsewhere)))
    return (*lines, PaymentLine(PAYABLE, payable_fen(due_fen, elsewhere)))
