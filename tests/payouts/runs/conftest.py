import pytest

from tests import bringing, factories
from tests.payouts import exports
from workers import payees
from workers.models import Engagement

IBANS = ["DE89370400440532013000", "FR1420041010050500013M02606", "NL91ABNA0417164300"]


@pytest.fixture
def vendor(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    bringing.floor_since_2010()
    return factories.vendor("Aster Labelling")


@pytest.fixture
def two(vendor, tmp_path):
    """Return a vendor that owes ada 40.00 for two hours, and ben 10.000001 for one."""
    exports.bring_work(
        vendor,
        tmp_path,
        exports.work("ada", 1),
        exports.work("ada", 2),
        exports.work("ben", 1, rate_amount="10.000001"),
    )
    know_payees(vendor)
    return vendor


@pytest.fixture
def maker(vendor):
    return factories.staff(vendor, "mary")


@pytest.fixture
def checker(vendor):
    return factories.staff(vendor, "charles")


def know_payees(vendor):
    accounts = Engagement.objects.filter(vendor=vendor).order_by("account")
    details = [
        (one, payees.Details(f"Holder of {one.account}", "iban", iban, "", "USD"))
        for one, iban in zip(accounts, IBANS, strict=False)
    ]
    payees.keep(details=details, by=None, at=bringing.AT)
