"""Errors of the API as RFC 9457 problem details: application/problem+json."""

import math
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

CONTENT_TYPE = "application/problem+json"


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Return the problem that `exc` stands for, or None for what nobody expected (a bare 500).

    `errors` maps a field to what is wrong with it, when the input was at fault.
    """
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if not isinstance(exc, exceptions.APIException):
        return None
    headers = {}
    if challenge := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait_s := getattr(exc, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait_s))
    return Response(
        problem(exc), status=exc.status_code, headers=headers, content_type=CONTENT_TYPE
    )


def problem(exc: exceptions.APIException) -> dict[str, Any]:
    """Return the body: type, title, status, detail, code, and errors by field where there are."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(exc.status_code).phrase,
        "status": exc.status_code,
    }
    if isinstance(exc.detail, str):
        return {**body, "detail": exc.detail, "code": exc.detail.code}
    whole = "The input was not accepted."
    return {**body, "detail": whole, "code": "invalid", "errors": exc.detail}
