"""The settings under test: those of production, but for what the test client cannot speak.

Plain HTTP, cheap password hashes (a sign-in costs a third of a second otherwise), static files
where they lie, and a test database in a file, because one in memory locks differently.
"""

import os

os.environ.setdefault("PAID_HTTPS", "0")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, ON_SQLITE, STORAGES, VAR_DIR

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["TEST"] = {
    "NAME": str(VAR_DIR / "test.sqlite3") if ON_SQLITE else "test_paid_in_full"
}
