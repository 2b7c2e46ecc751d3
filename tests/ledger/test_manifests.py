"""Manifests of deliveries: what is kept, and what is refused with its line and its mend."""

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from ledger import manifests
from ledger.files import Refused
from ledger.importers import canonical_columns, remittance
from ledger.models import Delivered, Manifest
from tests import factories

pytestmark = pytest.mark.django_db
BY_ATTEMPT = b"external_id,worker_external_id,answer\na-1,ada,yes\na-2,ben,no\n"
BY_PROJECT = b"\xef\xbb\xbfproject,attempts\nmaps,250\n"


WORK, PAY = (
    f"{','.join(one.name for one in columns)}\n{','.join(one.example for one in columns)}\n"
    for columns in (canonical_columns.COLUMNS, remittance.COLUMNS)
)


def bring_in(raw, vendor=None):
    vendor = vendor or factories.vendor()
    return manifests.bring_in(vendor=vendor, name="sent.csv", raw=raw, at=factories.AT)


def test_attempts_are_kept_with_their_worker_and_nothing_else():
    manifest, is_new = bring_in(BY_ATTEMPT)

    assert (is_new, manifest.rows) == (True, 2)
    rows = manifest.delivered.order_by("pk").values_list("external_id", "account", "project")
    assert list(rows) == [("a-1", "ada", ""), ("a-2", "ben", "")]


def test_projects_are_counted():
    manifest, _ = bring_in(BY_PROJECT)

    assert list(manifest.delivered.values_list("project", "attempts")) == [("maps", 250)]


def test_the_same_file_adds_nothing_and_another_vendors_is_its_own():
    one = factories.vendor()
    first, _ = bring_in(BY_ATTEMPT, one)

    assert bring_in(BY_ATTEMPT, one) == (first, False)
    assert bring_in(BY_ATTEMPT, factories.vendor("Birch Data"))[1]
    assert Delivered.objects.count() == 4


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        pytest.param(b"id,worker\n1,2\n", "has the columns", id="other columns"),
        pytest.param(b"", "no header", id="empty"),
        pytest.param(b"project,attempts\n", "at least one row", id="no rows"),
        pytest.param(b"project,attempts\nmaps,-3\n", "line 2, attempts '-3'", id="below zero"),
        pytest.param(b"project,attempts\n,3\n", "line 2, project ''", id="of no project"),
        pytest.param(
            b"external_id,worker_external_id\na-1,ada\na-2,\n", "line 3", id="without its worker"
        ),
        pytest.param(WORK.encode(), "none of an export of work", id="an export of work"),
        pytest.param(PAY.encode(), "none of an export of work or a list of", id="of payments"),
        pytest.param(
            b"external_id,worker_external_id, Status\na-1,ada,rejected\n",
            "columns status: a manifest has the columns external_id and worker_external_id",
            id="part of an export of work",
        ),
        pytest.param(b"external_id,worker_external_id\n\xff,ada\n", "UTF-8", id="not UTF-8"),
    ],
)
def test_a_bad_manifest_leaves_nothing_behind(raw, said):
    with pytest.raises(Refused, match=said):
        bring_in(raw)

    assert not Manifest.objects.exists()


def test_a_delivery_of_nothing_cannot_be_written_down():
    manifest, _ = bring_in(BY_PROJECT)

    with pytest.raises(IntegrityError), transaction.atomic():
        Delivered.objects.create(manifest=manifest, vendor=manifest.vendor, external_id="a-1")


def test_the_command_says_what_it_did(tmp_path, capsys):
    factories.vendor()
    path = tmp_path / "sent.csv"
    path.write_bytes(BY_ATTEMPT)

    for _ in range(2):
        call_command("import_manifest", str(path), vendor="Aster Labelling")
    said = capsys.readouterr().out

    assert said.splitlines() == [
        "sent.csv: 2 rows of what was delivered.",
        "sent.csv: brought in before, as sent.csv.",
    ]
    path.write_bytes(b"nothing")
    with pytest.raises(CommandError, match="columns"):
        call_command("import_manifest", str(path), vendor="Aster Labelling")
