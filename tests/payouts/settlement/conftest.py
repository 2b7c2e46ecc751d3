"""A bank for every test here."""

import pytest

from tests.payouts.settlement.bank import Bank


@pytest.fixture
def bank(db, tmp_path, settings):
    settings.VAR_DIR = tmp_path
    return Bank(tmp_path)
