"""What every answer says about itself; whom the demo answers."""

import pytest
from django.http import HttpResponse

from config.headers import LoopbackOnly, SecurityHeaders

HERE = {"REMOTE_ADDR": "127.0.0.1"}


def test_an_answer_allows_nothing_from_elsewhere_and_is_not_kept(rf):
    response = SecurityHeaders(lambda request: HttpResponse("x"))(rf.get("/"))

    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


def test_what_says_how_long_it_may_be_kept_is_kept(rf):
    static = HttpResponse("x", headers={"Cache-Control": "max-age=31536000, immutable"})

    response = SecurityHeaders(lambda request: static)(rf.get("/"))

    assert response["Cache-Control"] == "max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        pytest.param(HERE, 200, id="this machine"),
        pytest.param({"REMOTE_ADDR": "::1"}, 200, id="this machine, IPv6"),
        pytest.param({"REMOTE_ADDR": "192.168.1.7"}, 403, id="a neighbour"),
        pytest.param({"REMOTE_ADDR": ""}, 403, id="nobody knows who"),
        pytest.param(HERE | {"HTTP_X_FORWARDED_FOR": "8.8.8.8"}, 403, id="through a proxy"),
        pytest.param(HERE | {"HTTP_FORWARDED": "for=8.8.8.8"}, 403, id="through another proxy"),
    ],
)
def test_the_demo_answers_this_machine_only(rf, sent, status):
    response = LoopbackOnly(lambda request: HttpResponse("x"))(rf.get("/", **sent))

    assert response.status_code == status
