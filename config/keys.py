"""The secret key of an installation that was given none: made once, then kept."""

import os
import secrets
import tempfile
from pathlib import Path


def kept_key(path: Path) -> str:
    """Return the key in `path`; make it first when the file is not there.

    86 characters, 512 random bits, readable by its owner only. Two processes that start together
    agree: the file appears whole or not at all, and the first one wins.
    """
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        pass
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # with mode 0600
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_text(encoding="ascii")
