"""What is left of the API: how its description names tokens, and addresses that are none."""

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView


class BearerScheme(KnoxTokenScheme):
    """Tokens, in the OpenAPI description."""

    target_class = "workers.tokens.Bearer"
    name = "token"


class NoSuchEndpoint(APIView):
    """Say so as a problem, like every other error of the API, to whoever asks."""

    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raise NotFound, whatever the method."""
        super().initial(request, *args, **kwargs)
        raise NotFound("There is no such endpoint. See /api/v1/schema/.")
