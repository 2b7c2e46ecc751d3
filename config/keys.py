"""The secret key of an installation that was given none: made once, then kept."""

import os
import secrets
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
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_urlsafe(64))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    return path.read_text(encoding="ascii")
