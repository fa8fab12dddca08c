"""A test client that is signed in as somebody, through the very session the pages check."""

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.signing import get_cookie_signer
from django.test import Client

from tuodi.office.models import User
from tuodi.web.sessions import SEEN, STARTED, now


def client_of(user: User) -> Client:
    """Return a client signed in as ``user``."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[STARTED] = now().isoformat()
    session.create()
    user.session_key = session.session_key
    user.save(update_fields=["session_key"])
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    signer = get_cookie_signer(salt=f"{SEEN}{session.session_key}")
    client.cookies[SEEN] = signer.sign("1")
    return client
