"""Sixteen clients settle for one person at the cap: what is acknowledged holds, on both databases.

Round after round, each with another person of whom nothing is recorded yet. A client sends a settlement, or its
reversal; some requests are sent twice at the same moment, some again later, and some answers are lost, so that the
client sends again. Settlements of one person are taken one after the other, so each transaction that took one sees the
very prefix it ends.
"""

import random
from collections import Counter
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connection
from django.db.models import Sum

from tests.long.sizes import size
from tests.office import made_up
from tests.office.settling import AT, assert_equals_batch, clerk, enter, record
from tests.oracle.benefit import Held
from tuodi.intake.settlements import Record
from tuodi.office.access import Actor
from tuodi.office.checking import differences
from tuodi.office.models import Accumulator, Settlement
from tuodi.office.operations.settlements import Recorded, receive
from tuodi.office.operations.writing import writing
from tuodi.office.roles import Action

ACKNOWLEDGED = size(10_000)
A_ROUND = 200
CLIENTS = 16
TRIES = 5
# What 低保对象 of 交城县 get in a year at most: 70 % of six of these settlements and of a part of another one.
CAP_FEN = 6_000_000
SCOPE_FEN = 1_500_000


class Lost(Exception):
    """The answer, or the request, did not arrive."""


def _row(psn_no: str, number: int, is_reversed: bool) -> Record:
    at = datetime(2024, 1, 1) + timedelta(hours=number)
    return record(f"{psn_no}-{number:04}", psn_no, SCOPE_FEN, setl_time=at, reversed=is_reversed)


class Client:
    """One of the sixteen: its own requests, its own chance."""

    def __init__(self, actor: Actor, psn_no: str, name: int, share: int) -> None:
        self.actor, self.psn_no = actor, psn_no
        self.chance = random.Random(f"{psn_no} {name}")
        self.numbers = [name + CLIENTS * n for n in range(share)]
        self.acknowledged = 0
        # (setl_id, how it counted) of every transaction that was committed, whether or not the answer arrived.
        self.committed: list[tuple[str, str]] = []
        self.faults: list[str] = []

    def run(self) -> None:
        """Send everything, some of it twice, some of it again at the end."""
        try:
            sent: list[Record] = []
            for number in self.numbers:
                sent.append(_row(self.psn_no, number, is_reversed=False))
                self._send(sent[-1])
                if self.chance.random() < 0.45:
                    sent.append(_row(self.psn_no, number, is_reversed=True))
                    self._send(sent[-1])
            for row in self.chance.sample(sent, len(sent) * 3 // 10):
                self._send(row)
        except Exception as fault:  # a thread's fault is the test's to judge
            self.faults.append(repr(fault))
        finally:
            connection.close()

    def _send(self, row: Record) -> None:
        if self.chance.random() < 0.2:
            other = Thread(target=self._hedged, args=(row,))
            other.start()
            self._until_answered(row)
            other.join()
        else:
            self._until_answered(row)

    def _hedged(self, row: Record) -> None:
        try:
            self._until_answered(row)
        except Exception as fault:  # as above
            self.faults.append(repr(fault))
        finally:
            connection.close()

    def _until_answered(self, row: Record) -> None:
        for _ in range(TRIES):
            try:
                self._asked(row)
            except Lost:
                continue
            self.acknowledged += 1
            return
        self.faults.append(f"{row.settlement.setl_id}: no answer")

    def _asked(self, row: Record) -> None:
        """Take the row in a transaction; now and then it is rolled back, or done and the answer lost."""
        fate = self.chance.random()
        with writing(self.actor, Action.CONFIRM_IMPORT, AT) as write:
            found = receive([row], write=write)
            write.log("test.settled", "test 1")
            due, used = _year(self.psn_no)
            if not 0 <= due == used <= CAP_FEN:
                self.faults.append(f"{row.settlement.setl_id}: due {due}, used {used}")
            if fate < 0.05:
                raise Lost
        self.committed.append((row.settlement.setl_id, _counted(found)))
        if fate > 0.95:
            raise Lost


def _counted(found: Recorded) -> str:
    told = {"new": found.new, "same": found.same, "reversed": found.reversed, "conflict": found.conflicts}
    return " ".join(name for name, count in told.items() if count)


def _year(psn_no: str) -> tuple[int, int]:
    """Return what is due in the person's year and what the account of the cap says, as this transaction sees them."""
    due = Settlement.objects.filter(psn_no=psn_no).aggregate(due=Sum("due_fen"))["due"] or 0
    used = Accumulator.objects.filter(owner_year__owner=f"person {psn_no}", kind="cap")
    return due, used.aggregate(used=Sum("used_fen"))["used"] or 0


def _round(actor: Actor, psn_no: str) -> int:
    """Let the clients settle for one person; return how many requests were acknowledged."""
    enter([Held(psn_no, "低保对象", "2024-01-01")])
    clients = [Client(actor, psn_no, name, A_ROUND // CLIENTS) for name in range(CLIENTS)]
    threads = [Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [fault for client in clients for fault in client.faults] == []
    committed = Counter(one for client in clients for one in client.committed)
    rows = Settlement.objects.filter(psn_no=psn_no)
    once = {(setl_id, "new") for setl_id in rows.values_list("setl_id", flat=True)}
    once |= {(setl_id, "reversed") for setl_id in rows.filter(refd_setl_flag=True).values_list("setl_id", flat=True)}
    # Everything else that was sent again was told to be there already.
    assert {key: count for key, count in committed.items() if key[1] != "same"} == dict.fromkeys(once, 1)
    assert rows.count() == CLIENTS * (A_ROUND // CLIENTS)
    assert _year(psn_no) == (CAP_FEN, CAP_FEN)
    return sum(client.acknowledged for client in clients)


@pytest.mark.usefixtures("both_databases")
def test_十六路同时结算_不超限额_不重复_不报忙() -> None:
    made_up.county()
    actor = clerk()
    acknowledged = number = 0
    while acknowledged < ACKNOWLEDGED:
        psn_no = f"P{number:04}"
        number += 1
        acknowledged += _round(actor, psn_no)
    assert list(differences()) == []
    assert_equals_batch()
