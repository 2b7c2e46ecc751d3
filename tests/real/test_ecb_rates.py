"""The history of the ECB's reference rates, as it is published."""

from datetime import UTC, date, datetime

import pytest

from ledger import quotes, reference_rates
from ledger.models import ReferenceRate

pytestmark = [pytest.mark.real, pytest.mark.django_db]


def test_the_whole_history_is_recorded_and_answers_for_each_day(real_data):
    path = real_data / "fx_ecb" / "eurofxref-hist.zip"
    at = datetime(2026, 11, 2, tzinfo=UTC)

    brought = reference_rates.bring_in(path=path, name=path.name, at=at)

    assert brought.file.counts["conflicts"] == brought.file.counts["known"] == 0
    assert brought.file.counts["new"] == ReferenceRate.objects.count() > 200_000
    known = quotes.read({"PHP", "USD", "HRK"}, date(2022, 12, 1))
    on_sunday = known.conversion("PHP", "USD", date(2026, 10, 18))
    assert {one.on for one in on_sunday.quotes} == {date(2026, 10, 16)}
    assert known.conversion("HRK", "USD", date(2023, 1, 6)) is not None
    assert known.conversion("HRK", "USD", date(2023, 1, 7)) is None  # Croatia has the euro
