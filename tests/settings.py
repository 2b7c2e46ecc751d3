"""The settings under test: those of production, but for what the test client cannot speak.

Plain HTTP, cheap password hashes (a sign-in costs a third of a second otherwise), static files
where they lie, and a test database in a file, because one in memory locks differently.
"""

import os
import tempfile

os.environ.setdefault("PAID_HTTPS", "0")

from config.settings import *  # noqa: F403
from config.settings import DATABASES, ON_SQLITE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
NAME = f"test_paid_{os.getpid()}"  # of this run alone: runs side by side do not meet
DATABASES["default"]["TEST"] = {
    "NAME": os.path.join(tempfile.gettempdir(), f"{NAME}.sqlite3") if ON_SQLITE else NAME
}
