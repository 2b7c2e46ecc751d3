"""JSON that two programs could read in two ways is refused with 400."""

import io

import pytest
from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config.parsing import MAX_DEPTH, StrictJSONParser


class Echo(APIView):
    """Answers with what it was sent."""

    permission_classes = []
    authentication_classes = []
    throttle_classes = []

    def post(self, request):
        return Response({"got": request.data})


def sent(body):
    request = APIRequestFactory().post("/", body, content_type="application/json")
    response = Echo.as_view()(request)
    response.render()
    return response


def test_it_is_the_only_parser_of_the_api():
    assert [StrictJSONParser] == api_settings.DEFAULT_PARSER_CLASSES
    assert settings.REST_FRAMEWORK["DEFAULT_RENDERER_CLASSES"] == [
        "rest_framework.renderers.JSONRenderer"
    ]


def test_plain_json_is_read():
    assert sent('{"amount": "15.00", "pieces": [1, -2, true, null]}').data == {
        "got": {"amount": "15.00", "pieces": [1, -2, True, None]}
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param('{"a": 1, "a": 1}', id="a key twice"),
        pytest.param('{"a": {"b": 1, "b": 2}}', id="a key twice, inside"),
        pytest.param('{"a": NaN}', id="NaN"),
        pytest.param('{"a": -Infinity}', id="infinity"),
        pytest.param('{"a": 1.5}', id="a float"),
        pytest.param('{"a": 1e3}', id="an exponent"),
        pytest.param('{"a": ' + "9" * 5000 + "}", id="a huge number"),
        pytest.param("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), id="too deep"),
        pytest.param("[" * 200_000, id="far too deep"),
        pytest.param('{"a": "\\""' + '{"b":' * 100, id="too deep behind a quote"),
        pytest.param(" ", id="nothing"),
        pytest.param("{'a': 1}", id="single quotes"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
    ],
)
def test_what_is_ambiguous_is_refused(body):
    response = sent(body)

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_brackets_in_a_text_are_not_nesting():
    text = "[" * 100

    assert StrictJSONParser().parse(io.BytesIO(f'["{text}", "\\"{text}"]'.encode())) == [
        text,
        f'"{text}',
    ]


def test_the_deepest_that_is_allowed_is_read():
    body = "[" * MAX_DEPTH + "]" * MAX_DEPTH

    assert StrictJSONParser().parse(io.BytesIO(body.encode()))[0][0] == [
        *StrictJSONParser().parse(io.BytesIO(body[2:-2].encode()))
    ]
    with pytest.raises(ParseError):
        StrictJSONParser().parse(io.BytesIO(f"[{body}]".encode()))
