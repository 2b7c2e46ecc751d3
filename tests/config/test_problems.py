"""Errors of the API are problem details."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from config.problems import CONTENT_TYPE, exception_handler


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        pytest.param(Http404(), 404, "not_found", id="not there"),
        pytest.param(PermissionDenied(), 403, "permission_denied", id="not allowed"),
        pytest.param(exceptions.NotAuthenticated(), 401, "not_authenticated", id="not signed in"),
        pytest.param(exceptions.ParseError(), 400, "parse_error", id="not JSON"),
        pytest.param(exceptions.Throttled(wait=1.2), 429, "throttled", id="too often"),
    ],
)
def test_an_error_is_a_problem(error, status, code):
    response = exception_handler(error, {})

    assert response.status_code == status
    assert response.data["status"] == status
    assert response.data["code"] == code
    assert response.content_type == CONTENT_TYPE


def test_wrong_input_says_which_field():
    response = exception_handler(exceptions.ValidationError({"period": ["Not a month."]}), {})

    assert response.status_code == 400
    assert response.data["errors"] == {"period": ["Not a month."]}


def test_a_wait_is_rounded_up():
    assert exception_handler(exceptions.Throttled(wait=1.2), {}).headers["Retry-After"] == "2"


def test_what_nobody_expected_is_not_dressed_up():
    assert exception_handler(RuntimeError("boom"), {}) is None
