"""Django's settings, from `haedap.config.Settings`. Nothing is read from elsewhere."""

from __future__ import annotations

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from haedap.config import get_settings

HAEDAP = get_settings()


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
MIDDLEWARE = ["axes.middleware.AxesMiddleware"]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
ALLOWED_HOSTS = list(HAEDAP.web_allowed_hosts)
ROOT_URLCONF = "haedap.web.urls"
ASGI_APPLICATION = "haedap.web.asgi.application"
DATABASES = {"default": _database(HAEDAP.database_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "haedap.apps.accounts",
    "haedap.apps.centre",
    "haedap.apps.contacts",
    "haedap.apps.desk",
    "haedap.apps.demo",
]

AUTH_USER_MODEL = "accounts.Account"
