"""The sample as a site, brought in by the real way in, on the day it ends."""

import pytest
import time_machine
from django.db import transaction

from tests.web import sample_site


@pytest.fixture(scope="module")
def kept_site(django_db_setup, django_db_blocker, tmp_path_factory):
    """The sample, in a transaction that is rolled back when this module is done."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield sample_site.build(tmp_path_factory.mktemp("sample"))
        transaction.set_rollback(True)


@pytest.fixture
def site(kept_site, db):
    with time_machine.travel(kept_site.as_of, tick=False):
        yield kept_site
