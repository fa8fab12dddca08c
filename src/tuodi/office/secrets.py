"""Sealed fields: numbers of documents, accounts and telephones, secrets of second factors, and uploaded files.

SM4-GCM with a random nonce, bound to its record and field by the associated data, so that a ciphertext moved to another
record is refused. The blind index (HMAC-SM3) finds equal numbers only. Keys lie in a file outside the database: whoever
has a backup alone reads nothing. A plain hash would not do: a county's ID numbers can be tried in a minute.

A key file has one line for each key, ``number encryption-key index-key`` in hexadecimal, the newest last; the newest
seals, every one opens.
"""

import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings
from django.db import connection

from tuodi.kernel.files import written_whole
from tuodi.office.models import ImportBatch, Person, SecondFactor

_NONCE, _TAG, _NUMBER = 12, 16, 1
_LAST_NUMBER = 255


class WrongKey(Exception):
    """A sealed value does not open: another installation's key, another record's value, or damage."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key: its number (0 to 255), 16 bytes for SM4 and 32 for the index."""

    number: int
    encryption: bytes
    index: bytes

    def line(self) -> str:
        """Return the key as the file keeps it."""
        return f"{self.number} {self.encryption.hex()} {self.index.hex()}"


def new_key(number: int = 1) -> Key:
    """Return a fresh random key."""
    return Key(number, secrets.token_bytes(16), secrets.token_bytes(32))


@cache
def _keys(path: Path, _stamp: float) -> dict[int, Key]:
    found = {}
    for line in path.read_text(encoding="ascii").splitlines():
        number, encryption, index = line.split()
        found[int(number)] = Key(int(number), bytes.fromhex(encryption), bytes.fromhex(index))
    return found


def keys() -> dict[int, Key]:
    """Return the installation's keys by number, the newest last; the first use of an installation makes one.

    Raises WrongKey where the file is gone and something is sealed already: a second key under the first one's number
    would make values of two kinds that nobody can tell apart.
    """
    path = Path(settings.KEYS_FILE)
    if not path.exists():
        if is_anything_sealed():
            raise WrongKey(str(path))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(new_key().line() + "\n")
        except FileExistsError:
            pass
    return _keys(path, path.stat().st_mtime)


def is_anything_sealed() -> bool:
    """Tell whether the database holds anything only the keys open; one of an older version may lack a table."""
    tables = connection.introspection.table_names()
    holders = (ImportBatch.objects, Person.objects.exclude(certno_sealed=b""), SecondFactor.objects)
    return any(holder.model._meta.db_table in tables and holder.exists() for holder in holders)


def add_key() -> int:
    """Add a new key, on disk before anything is sealed by it; return its number. Raises WrongKey when all are used."""
    known = keys()
    number = max(known) + 1
    if number > _LAST_NUMBER:
        raise WrongKey("key number")
    path = Path(settings.KEYS_FILE)
    with written_whole(path) as temporary:
        temporary.chmod(0o600)
        lines = [*(key.line() for key in known.values()), new_key(number).line()]
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")
    return number


def newest_number() -> int:
    """Return the number of the key that seals now."""
    return _newest().number


def _newest() -> Key:
    return list(keys().values())[-1]


def seal(text: str, place: str) -> bytes:
    """Return the sealed form of a text; ``place`` names its record and field. An empty text stays empty."""
    return seal_bytes(text.encode(), place) if text else b""


def seal_bytes(content: bytes, place: str) -> bytes:
    """Return the sealed form of some bytes."""
    key = _newest()
    nonce = secrets.token_bytes(_NONCE)
    encryptor = Cipher(algorithms.SM4(key.encryption), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(place.encode())
    return bytes([key.number]) + nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag


def unseal(sealed: bytes, place: str) -> str:
    """Return the text that was sealed. Raises WrongKey."""
    return unseal_bytes(bytes(sealed), place).decode() if sealed else ""


def unseal_bytes(sealed: bytes, place: str) -> bytes:
    """Return the bytes that were sealed. Raises WrongKey."""
    key = keys().get(sealed[0])
    if key is None or len(sealed) < _NUMBER + _NONCE + _TAG:
        raise WrongKey(place)
    nonce, content = sealed[_NUMBER : _NUMBER + _NONCE], sealed[_NUMBER + _NONCE : -_TAG]
    decryptor = Cipher(algorithms.SM4(key.encryption), modes.GCM(nonce, sealed[-_TAG:])).decryptor()
    decryptor.authenticate_additional_data(place.encode())
    try:
        return decryptor.update(content) + decryptor.finalize()
    except InvalidTag:
        raise WrongKey(place) from None


def blind(text: str) -> str:
    """Return the blind index of a number under the oldest key: indexes must stay comparable. Empty for an empty one."""
    if not text:
        return ""
    mac = hmac.HMAC(next(iter(keys().values())).index, hashes.SM3())
    mac.update(text.encode())
    return mac.finalize().hex()
