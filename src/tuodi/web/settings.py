"""Django's settings. What differs between offices comes from the environment (docs/installation.md)."""

import os
from datetime import timedelta

from tuodi import __version__
from tuodi.web.home import database, home_folder, kept_secret

HOME = home_folder()
KEYS_FILE = os.environ.get("TUODI_KEYS") or HOME / "keys" / "fields.key"
ANCHORS_FILE = os.environ.get("TUODI_ANCHORS") or HOME / "anchors" / "anchors.txt"
UPLOADS = HOME / "uploads"
BACKUPS = os.environ.get("TUODI_BACKUPS") or HOME / "backups"
DEMO = os.environ.get("TUODI_DEMO") == "1"
# Behind a server that speaks TLS; without it only this machine's own browser should come here.
HTTPS = os.environ.get("TUODI_HTTPS") == "1"
# The one address whose X-Forwarded-… headers are believed (tuodi.web.serving); empty: nobody's.
PROXY = os.environ.get("TUODI_PROXY") or ("127.0.0.1" if HTTPS else "")

SECRET_KEY = kept_secret(HOME / "keys" / "django.key")
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("TUODI_HOSTS", "").split(",") if host] or ["localhost", "127.0.0.1"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []

INSTALLED_APPS = [
    "tuodi.office",
    "tuodi.web",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
]
MIDDLEWARE = [
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tuodi.web.middleware.security_headers",
    "tuodi.web.middleware.body_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tuodi.web.middleware.ViewFaults",
    "tuodi.web.middleware.SessionLimits",
    "tuodi.web.middleware.AccessTable",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "tuodi.web.urls"
WSGI_APPLICATION = "tuodi.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tuodi.web.context.office",
            ],
            "builtins": ["tuodi.web.templatetags.office"],
        },
    }
]
DATABASES = {"default": database(os.environ.get("DATABASE_URL", ""), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = ["axes.W003"]

AUTH_USER_MODEL = "office.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/login"
CSRF_FAILURE_VIEW = "tuodi.web.pages.errors.no_token"
SECOND_FACTOR = not DEMO
IDLE_MINUTES = 30
# How many full numbers (documents, telephones, accounts) one user may look at on a day.
LOOKS_PER_DAY = int(os.environ.get("TUODI_LOOKS_PER_DAY") or 200)
SESSION_HOURS = 10
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Wrong passwords that lock the sign-in: of one name at one address, of one name anywhere, at one address of any names.
AXES_FAILURE_LIMIT = 5
FAILURES_OF_NAME = 20
FAILURES_OF_ADDRESS = 30
# A lock is short: whoever types wrong passwords on purpose must not keep a colleague away for long.
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_HANDLER = "tuodi.web.sign_in_lock.SignInLock"
AXES_LOCK_OUT_AT_FAILURE = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "tuodi.web.pages.sign_in.locked"
AXES_CLIENT_IP_CALLABLE = "tuodi.web.pages.sign_in.address_of"
AXES_USERNAME_CALLABLE = "tuodi.web.pages.sign_in.counted_name"
# What was typed is not kept beside the count of failures: at the sign-in and where the password is changed.
AXES_SENSITIVE_PARAMETERS = ["username", "password", "next", "old", "new", "again"]
AXES_VERBOSE = False
# After a wrong code of the second factor this many seconds must pass, after each further one twice as many.
SECOND_FACTOR_WAIT_SECONDS = 1

SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
# China keeps one time without summer time; settlements carry local times.
USE_TZ = False

# The version in the address: browsers may keep a file for long, and a new version is a new address.
STATIC_URL = f"static/{__version__}/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# ``serve`` collects them compressed into STATIC_ROOT and turns this off.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86_400

# An upload of this size goes to disk; the body of any other form stays small.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 2**20
UPLOAD_BYTES_MAX = 200 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "tuodi.web.logs.WithoutPersonalData"}},
    "handlers": {
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": HOME / "tuodi.log",
            "maxBytes": 10 * 2**20,
            "backupCount": 20,
            "encoding": "utf-8",
            "formatter": "plain",
            "delay": True,
        }
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["file"], "level": "WARNING", "propagate": False}},
}
