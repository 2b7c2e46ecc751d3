"""A vendor that owes one worker two pieces of work, and its staff."""

import pytest

from tests import bringing, factories
from tests.payouts.exports import bring_payouts, bring_work, payment, work


@pytest.fixture
def vendor(tmp_path):
    bringing.floor_since_2010()
    one = factories.vendor()
    bring_work(one, tmp_path, work(number=1), work(number=2))
    bring_payouts(one, tmp_path, payment("somebody else"))
    return one


@pytest.fixture
def staff(vendor):
    return factories.staff(vendor)
