"""Django's settings, from `haedap.config.Settings`. Nothing is read from elsewhere."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONE, SELF
from psycopg.conninfo import conninfo_to_dict

from haedap.config import get_settings
from haedap.settings_fields import bracketed
from haedap.web.logs import logging_configuration

HAEDAP = get_settings()
_FOLDER = Path(__file__).parent
_SECURE = HAEDAP.web_url.startswith("https://")
_SITE = urlsplit(HAEDAP.web_url)
_HOST = bracketed(_SITE.hostname or HAEDAP.web_host)
SIP_WEBSOCKET_URL = f"wss://{_SITE.netloc}/sip" if _SECURE else f"ws://{_HOST}:{HAEDAP.asterisk_http_port}/ws"
"""Where browsers' telephones connect. With TLS a proxy in front passes `/sip` on to Asterisk's `/ws`."""


def _database(url: str) -> dict[str, Any]:
    """Django's description of the database at `url`."""
    parts = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": parts,
    }


SECRET_KEY = HAEDAP.secret_key
DEBUG = False
ALLOWED_HOSTS = sorted({*HAEDAP.web_allowed_hosts, _HOST})
CSRF_TRUSTED_ORIGINS = [HAEDAP.web_url]
ROOT_URLCONF = "haedap.web.urls"
FORM_RENDERER = "haedap.web.forms.KrdsRenderer"
ASGI_APPLICATION = "haedap.web.asgi.application"
DATABASES = {"default": _database(HAEDAP.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "axes",
    "csp",
    "ninja",
    "procrastinate.contrib.django",
    "haedap.apps.accounts",
    "haedap.apps.briefs",
    "haedap.apps.cases",
    "haedap.apps.centre",
    "haedap.apps.contacts",
    "haedap.apps.desk",
    "haedap.apps.demo",
    "haedap.apps.directory",
    "haedap.apps.effect",
    "haedap.apps.knowledge",
    "haedap.apps.lookups",
    "haedap.apps.offices",
    "haedap.apps.promises",
    "haedap.apps.reports",
    "haedap.apps.radar",
    "haedap.apps.search",
    "haedap.apps.suggestions",
    "haedap.apps.supervision",
    "haedap.apps.surveys",
    "haedap.apps.transcripts",
    "haedap.apps.wallboard",
    "haedap.apps.yearbook",
]

MIDDLEWARE = [
    "haedap.web.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "haedap.web.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "haedap.web.middleware.IdleMiddleware",
    "haedap.web.middleware.AccessMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_FOLDER / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "haedap.apps.centre.context.centre",
            ],
        },
    }
]

# --- language and time: Korean at the edge, UTC inside
LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", "한국어")]
LOCALE_PATHS = [_FOLDER.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = HAEDAP.time_zone
FORMAT_MODULE_PATH = "haedap.web.formats"

# --- static files are served by servestatic, in front of Django (see asgi.py)
STATIC_URL = "/static/"
STATIC_FOLDER = _FOLDER / "static"

# --- people
AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "haedap.apps.accounts.backend.AccountBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 9}},
    {"NAME": "haedap.apps.accounts.validators.LongestPassword"},
    {"NAME": "haedap.apps.accounts.validators.ThreeKindsOfCharacters"},
    {"NAME": "haedap.apps.accounts.validators.NoUserName"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "desk_extension")},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=10)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "haedap.apps.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "haedap.apps.accounts.access.client_address"
AXES_ENABLE_ADMIN = False
AXES_DISABLE_ACCESS_LOG = True  # our own access log keeps log-ins
AXES_VERBOSE = False

SESSION_COOKIE_NAME = "haedap_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = _SECURE
CSRF_COOKIE_NAME = "haedap_csrf"
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_SECURE = _SECURE
CSRF_FAILURE_VIEW = "haedap.web.views.csrf_failure"

# --- the browser's guards
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _SECURE else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF, SIP_WEBSOCKET_URL],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- messages to officers: only links, see haedap.apps.briefs
_MAIL = urlsplit(HAEDAP.mail_url)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or {"smtps": 465, "smtp+starttls": 587}.get(_MAIL.scheme, 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp+starttls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = HAEDAP.mail_from

LARGEST_BODY = 32 * 1024 * 1024  # of a request, files and all: more than any form takes, see haedap.web.handler
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = logging_configuration(HAEDAP.log_level)
