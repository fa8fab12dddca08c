"""Numbers of documents, telephones and accounts in their records: sealed when set, masked when shown."""

import re
from typing import Final

from tuodi.kernel.idnumber import mask, normal_form
from tuodi.office.models import Account, Person
from tuodi.office.secrets import blind, seal, unseal

BETWEEN: Final = re.compile(r"[\s\-'‘’]")
"""What people write between or before the digits of a number."""


def certno_index(certno: str) -> str:
    """Return the blind index by which a document number is found, whichever of its forms was written."""
    return blind(normal_form(certno))


def set_certno(person: Person, certno: str) -> None:
    """Seal a document number into a record (not saved); empty takes it away."""
    person.certno_sealed = seal(certno, f"person.certno {person.token}")
    person.certno_index = certno_index(certno)


def certno_of(person: Person) -> str:
    """Return the document number in full: for comparing and masking, and for who asked with a reason."""
    return unseal(person.certno_sealed, f"person.certno {person.token}")


def set_phone(person: Person, phone: str) -> None:
    """Seal a telephone number into a record (not saved); empty takes it away."""
    person.phone_sealed = seal(phone, f"person.phone {person.token}")


def phone_of(person: Person) -> str:
    """Return the telephone number in full."""
    return unseal(person.phone_sealed, f"person.phone {person.token}")


def set_number(account: Account, number: str) -> None:
    """Seal an account's number into its record (not saved)."""
    account.number_sealed = seal(number, f"account.number {account.token}")
    account.number_index = blind(number)


def number_of(account: Account) -> str:
    """Return an account's number in full."""
    return unseal(account.number_sealed, f"account.number {account.token}")


def masked_certno(person: Person) -> str:
    """Return a person's document number as pages show it."""
    return mask(certno_of(person))


def masked_phone(person: Person) -> str:
    """Return a person's telephone number as pages show it."""
    return mask(phone_of(person))


def masked_number(account: Account) -> str:
    """Return an account's number as pages show it."""
    return mask(number_of(account))
