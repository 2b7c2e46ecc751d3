"""What a test may ask for: Redis, Chromium, the real files; and what happens where they are not.

A test marked `redis`, `browser` or `real` is skipped with a reason where the thing is missing; with
REQUIRE_ALL=1 a skip is a failure. Tests marked `postgres` or `sqlite` run on that database only.
`--database-tests-only` keeps those whose result the database can change: the second pass.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.test import TransactionTestCase

from ledger import guards
from tests import surroundings

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_serialized_rollback", "live_server"}
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"

# Properties are tried on the same examples each time, however slow the machine; HISTORIES=n tries
# others, and n random histories in the tests that draw whole histories.
hypothesis.settings.register_profile(
    "ours",
    derandomize="HISTORIES" not in os.environ,
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-tests-only", action="store_true", help="leave out pure tests")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    missing = {
        name: pytest.mark.skip(reason=reason) for name, reason in surroundings.missing().items()
    }
    for item in items:
        for name in missing.keys() & {marker.name for marker in item.iter_markers()}:
            item.add_marker(missing[name])
    only_databases = config.getoption("--database-tests-only")
    left_out = [item for item in items if not _belongs(item, only_databases)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


def _belongs(item: pytest.Item, only_databases: bool) -> bool:
    """Tell whether the test is one of this pass."""
    marks = {marker.name for marker in item.iter_markers()}
    if ("postgres" if settings.ON_SQLITE else "sqlite") in marks:
        return False
    if not only_databases:
        return True
    if "browser" in marks:  # what a browser shows does not hang on the database
        return False
    return "django_db" in marks or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", [])))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    return _refuse_skip(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    return _refuse_skip(report)


def _refuse_skip(report):
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"Skipped, but REQUIRE_ALL=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def _a_test_database_may_be_emptied() -> Iterator[None]:
    """After a test that commits, Django empties all tables; the guards would refuse that."""
    case: Any = TransactionTestCase
    empty = case._fixture_teardown

    def lift_and_empty(test: TransactionTestCase) -> None:
        with guards.lifted():
            empty(test)

    case._fixture_teardown = lift_and_empty
    yield
    case._fixture_teardown = empty


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real export files."""
    return surroundings.real_data()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[surroundings.RedisServer]:
    """A Redis of our own, which a test may kill and must start again."""
    with surroundings.redis_server() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server) -> str:
    """The address of a Redis of our own."""
    return redis_server.url


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, driven by Playwright: `chromium.new_page()`."""
    with surroundings.chromium() as browser:
        yield browser
