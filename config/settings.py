"""All settings, read from the environment. What is not set is safe: no debug, no demo, HTTPS only.

DATABASE_URL      postgres://… ; unset: SQLite in var/paid.sqlite3
REDIS_URL         redis://… ; unset: Celery runs inside the one web process (config/embedded.py)
SECRET_KEY        unset: made once and kept in var/secret_key, readable by its owner only
ALLOWED_HOSTS     names that the site answers to; unset: this machine only
PAID_DEMO         1: the demo, with one-click sign-in, answering on loopback only
PAID_HTTPS        0: plain HTTP, for trials; unset: HTTPS unless in the demo or in debug
PAID_BEHIND_PROXY 1: a reverse proxy ends TLS, sets X-Forwarded-Proto and X-Forwarded-For itself
PAID_VAR          where databases, keys and uploads live; unset: var/
DEBUG             1: Django's debug pages
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.keys import kept_key

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.str("PAID_VAR", default=str(BASE_DIR / "var"))).resolve()
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = env.bool("DEBUG", default=False)
PAID_DEMO = env.bool("PAID_DEMO", default=False)
HTTPS = env.bool("PAID_HTTPS", default=not (DEBUG or PAID_DEMO))

SECRET_KEY = env.str("SECRET_KEY", default="") or kept_key(VAR_DIR / "secret_key")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])

LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOOPBACK_NAMES)
if PAID_DEMO and not set(ALLOWED_HOSTS) <= set(LOOPBACK_NAMES):
    raise ImproperlyConfigured(
        f"PAID_DEMO is for this machine only, but ALLOWED_HOSTS is {ALLOWED_HOSTS}. Unset one."
    )
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "whitenoise.runserver_nostatic",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "knox",
    "workers",
    "ledger",
    "payouts",
]

MIDDLEWARE = [
    "config.headers.SecurityHeaders",
    *(["config.headers.LoopbackOnly"] if PAID_DEMO else []),
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# Databases. SQLite: writers queue up (IMMEDIATE) instead of failing, a commit is on the disk when
# it returns (FULL), and INSERT OR REPLACE cannot walk round the append-only triggers.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON; "
        "PRAGMA cache_size=-48000;"  # 48 MB: an import writes all over the indexes of large tables
    ),
}
POSTGRES_OPTIONS = {"pool": {"min_size": 1, "max_size": 8, "timeout": 10}}
SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(VAR_DIR / "paid.sqlite3")}
DATABASE: dict[str, Any] = env.db("DATABASE_URL") if env.str("DATABASE_URL", default="") else SQLITE
ON_SQLITE = DATABASE["ENGINE"] == SQLITE["ENGINE"]
OPTIONS = SQLITE_OPTIONS if ON_SQLITE else POSTGRES_OPTIONS
DATABASES = {"default": {**DATABASE, "OPTIONS": {**OPTIONS, **DATABASE.get("OPTIONS", {})}}}

REDIS_URL = env.str("REDIS_URL", default="")  # read by config/celery.py

# People
AUTH_USER_MODEL = "workers.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Transport and cookies
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.bool("PAID_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440  # bytes of a body that is not a file
FILE_UPLOAD_PERMISSIONS = 0o600

# Time and language: UTC inside, local time only in templates and statements
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
LANGUAGES = [("en", "English")]  # those in which the pages are there; browsers choose among them
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]  # make messages LANGUAGES="sw"

# Static files: hashed names in production, found in place in the demo and in debug
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
IN_PLACE = DEBUG or PAID_DEMO
WHITENOISE_USE_FINDERS = IN_PLACE
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IN_PLACE
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR_DIR / "uploads"  # never served

# The API refuses what nobody has allowed. The named classes live in modules that import neither
# rest_framework.generics nor rest_framework.viewsets: those read these settings at import.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "workers.tokens.Bearer",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["workers.endpoints.HoldsPermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsing.StrictJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_PAGINATION_CLASS": "config.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"anon": "60/min", "user": "600/min"},  # in each web process
    "NUM_PROXIES": int(BEHIND_PROXY),  # whose word on the sender's address counts
    "EXCEPTION_HANDLER": "config.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_PREFIX": "pif_",
    "TOKEN_TTL": timedelta(days=30),
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Paid in Full",
    "DESCRIPTION": "A fair-pay ledger for annotation work.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},  # one for each visitor that the API counts
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": ["stderr"], "level": "ERROR", "propagate": False},
    },
}
