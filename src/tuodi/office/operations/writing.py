"""The frame of every write: one transaction that ends with its trail entry, or does not end."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tuodi.office import trail
from tuodi.office.access import Actor
from tuodi.office.models import Person, Region, Touch, User
from tuodi.office.refusal import Absent, Refused
from tuodi.office.roles import Action, who_may


@dataclass(slots=True)
class Writing:
    """One write under way: who does it, when, on what grounds, and the entries it has written."""

    actor: Actor
    at: datetime
    action: Action
    entries: int = 0
    _touches: dict[str, list[list[Any]]] = field(default_factory=dict)

    def allow(self, region_id: int | None) -> None:
        """Refuse unless the actor may do this in that region; a region out of reach is as if it did not exist."""
        if not self.actor.may(self.action):
            raise Refused(f"您没有做这件事的权限；可以办理的是：{who_may(self.action)}。")
        if region_id is not None and not self.actor.may(self.action, region_id):
            raise Absent

    def log(self, event: str, subject: str, region: Region | None = None, **detail: Any) -> None:
        """Write the trail entry; ``event`` says what happened, e.g. ``person.died``.

        It tells the touches noted so far about its subject.
        """
        if touches := self._touches.pop(subject, None):
            detail["touches"] = touches
        behalf = self.actor.behalf(self.action, region.pk if region else None)
        trail.append(
            at=self.at,
            actor=self.actor.user.username,
            action=event,
            subject=subject,
            region=region.code if region else "",
            detail=detail,
            on_behalf_of=behalf.username if behalf else "",
        )
        self.entries += 1

    def touch(self, person: Person, what: str, told_at: str = "", also: Iterable[User | None] = ()) -> None:
        """Remember that this user entered or changed a person's facts by hand: they decide no case of theirs.

        Done for somebody else, it is theirs as well: neither decides. The next entry about ``told_at`` (the person,
        unless another subject is given) tells of it. ``also`` are others who did it together with them.
        """
        behalf = self.actor.behalf(self.action, person.region_id)
        told = self._touches.setdefault(told_at or f"person {person.pk}", [])
        for user in (self.actor.user, behalf, *also):
            if user is not None:
                made = Touch.objects.create(person=person, user=user, what=what, at=self.at)
                told.append([made.pk, person.pk, user.username, what])

    def tell_touches(self) -> None:
        """Write an entry for each touch no other entry told of."""
        for subject in list(self._touches):
            self.log("person.touched", subject)


@contextmanager
def writing(actor: Actor, action: Action, at: datetime) -> Iterator[Writing]:
    """Open the transaction of one operation; it must log, else the program is wrong and nothing is kept.

    Raises Refused where the actor may not do such a thing anywhere.
    """
    with transaction.atomic():
        write = Writing(actor, at, action)
        write.allow(None)
        yield write
        if not write.entries:
            raise RuntimeError(f"{action} wrote no trail entry")
        write.tell_touches()
