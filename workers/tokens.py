"""API tokens: `Authorization: Bearer pif_…`. They expire, and only their hash is kept (knox)."""

from typing import Any

from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class Bearer(TokenAuthentication):
    """Knox's tokens; one that is not even text is refused like any other wrong one."""

    def authenticate_credentials(self, token: bytes) -> Any:
        """Return (user, token row). Raises AuthenticationFailed: unknown, expired, malformed."""
        try:
            return super().authenticate_credentials(token)
        except UnicodeDecodeError:
            raise AuthenticationFailed("Invalid token.") from None
