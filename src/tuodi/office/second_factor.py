"""The second factor: a time-based code (RFC 6238) of a telephone, its secret sealed wherever it lies.

The secret is 20 random bytes, kept as hexadecimal. It is sealed for its user: moved to another user's row it does not
open. While somebody is binding a telephone it waits in the session, sealed for another place than the bound one.
"""

from base64 import b32encode, b64decode, b64encode
from binascii import unhexlify
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlencode

from django_otp.oath import TOTP
from django_otp.util import random_hex

from tuodi.office.models import SecondFactor, User
from tuodi.office.secrets import seal, unseal

_ISSUER: Final = "托底"
_KEY_BYTES: Final = 20
_STEPS_AROUND: Final = 1
"""A code of the step before or after counts too (30 seconds each): telephones' clocks differ."""


def place(user_id: int) -> str:
    """Return the place a user's bound secret is sealed for."""
    return f"user.factor {user_id}"


def _place_waiting(user_id: int) -> str:
    return f"user.factor-waiting {user_id}"


def waiting_secret(user: User) -> str:
    """Return a new secret for somebody about to bind a telephone, sealed, as a session keeps it."""
    return b64encode(seal(random_hex(_KEY_BYTES), _place_waiting(user.pk))).decode("ascii")


def opened_waiting(user: User, waiting: str) -> str:
    """Return the secret that waits (hexadecimal). Raises WrongKey."""
    return unseal(b64decode(waiting), _place_waiting(user.pk))


def address_of(user: User, key: str) -> str:
    """Return what the telephone scans: user name and secret as an ``otpauth`` address."""
    label = quote(f"{_ISSUER}:{user.username}")
    return f"otpauth://totp/{label}?{urlencode({'secret': typed_form(key), 'issuer': _ISSUER}, quote_via=quote)}"


def typed_form(key: str) -> str:
    """Return a secret as somebody types it who cannot scan (base 32)."""
    return b32encode(unhexlify(key)).decode("ascii")


def taken(factor: SecondFactor, key: str, code: str, at: datetime) -> bool:
    """Tell whether a code counts now and was not used before; then ``last_t`` and ``drift`` remember it, not saved."""
    totp = TOTP(unhexlify(key), drift=factor.drift)
    totp.time = at.timestamp()
    if not (code.isascii() and code.isdigit() and totp.verify(int(code), _STEPS_AROUND, factor.last_t + 1)):
        return False
    factor.last_t, factor.drift = totp.t(), totp.drift
    return True


def key_of(factor: SecondFactor) -> str:
    """Return a bound secret (hexadecimal). Raises WrongKey."""
    return unseal(factor.key_sealed, place(factor.user_id))
