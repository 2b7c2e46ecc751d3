"""Bringing a file in over the API, its progress, and its rejected rows."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.throttling import SimpleRateThrottle

from ledger.models import Import, Job
from tests import factories

pytestmark = pytest.mark.django_db

HEADER = "external_id,worker_external_id,source_system,project,task_type,status,ended_at\n"
ROW = "x1,w1,mturk,boats,boxes,submitted,2026-10-14T12:00:00Z\n"


@pytest.fixture
def vendor():
    return factories.vendor()


@pytest.fixture
def staff(client, vendor, settings, tmp_path):
    SimpleRateThrottle.cache.clear()
    settings.VAR_DIR = tmp_path
    client.force_login(factories.staff(vendor))
    return client


def upload(client, content=HEADER + ROW, name="export.csv", **form):
    file = SimpleUploadedFile(name, content.encode())
    return client.post("/api/v1/imports/", {"kind": "work", "file": file, **form})


def test_a_file_is_taken_in_and_read_behind_the_answer(staff):
    response = upload(staff)

    assert response.status_code == 202
    shown = staff.get(response.headers["Location"]).json()
    assert shown == response.json()
    assert shown.items() >= {"name": "export.csv", "state": "checking", "kind": "work"}.items()
    assert shown["progress"] == {"state": "waiting", "done": 0, "total": 0}
    assert Job.objects.get().kind == "import"


def test_the_same_file_again_is_the_same_import(staff):
    first, again = upload(staff), upload(staff, name="renamed.csv")

    assert (first.status_code, again.status_code) == (202, 200)
    assert again.headers["Location"] == first.headers["Location"]
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"content": "a,b\n1,2\n"}, ["value", "rule", "mend"]),
        ({"content": ""}, ["value", "rule", "mend"]),
        ({"kind": "answers"}, ["kind"]),
        ({"exported_at": "yesterday"}, ["exported_at"]),
        ({"exported_at": "0001-01-01T00:00"}, ["value", "rule", "mend"]),
        ({"exported_at": "9999-12-31T23:59"}, ["value", "rule", "mend"]),
        ({"complete_until": "9999-12-31"}, ["value", "rule", "mend"]),
        ({"complete_until": "0001-01-01"}, ["value", "rule", "mend"]),
        ({"vendor": "birch-imaging"}, ["vendor"]),
    ],
)
def test_what_is_not_taken_in_says_why(staff, form, fields):
    factories.vendor("Birch Imaging")

    response = upload(staff, **form)

    assert response.status_code == 400
    assert list(response.json()["errors"]) == fields
    assert not Import.objects.exists()


def test_staff_of_two_vendors_says_which_one(client, vendor, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    other = factories.vendor("Birch Imaging")
    factories.vendor("Cedar Speech")
    member = factories.staff(vendor)
    factories.Membership.objects.create(vendor=other, user=member)
    client.force_login(member)

    unsaid = upload(client)
    said = upload(client, vendor=other.slug)

    assert unsaid.json()["errors"]["vendor"] == [
        "Say which vendor it is for: aster-labelling, birch-imaging."
    ]
    assert said.json()["vendor"] == "birch-imaging"


def test_a_body_that_is_no_form_is_refused(staff):
    response = staff.post("/api/v1/imports/", "{}", content_type="application/json")

    assert response.status_code == 415


def test_rejected_rows_come_as_a_file_to_be_corrected(staff, vendor):
    imported = factories.imported(vendor, name='bo"ats.csv')
    cells = {"AssignmentId": "=cmd()", "Reward": "-5", "WorkerId": "@sum"}
    factories.remark(imported, line=7, value="+1", cells=cells)
    factories.remark(imported, kind="conflict", line=8)

    response = staff.get(
        f"/api/v1/imports/{imported.uuid}/rejects/", headers={"accept": "text/csv"}
    )

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="bo\\"ats-rejects.csv"'
    (row,) = csv.DictReader(io.StringIO(response.getvalue().decode(), newline=""))
    assert row == {
        "AssignmentId": "'=cmd()",
        "Reward": "-5",
        "WorkerId": "'@sum",
        "_line": "7",
        "_column": "Reward",
        "_value": "+1",
        "_rule": "an amount has digits",
        "_mend": "Write it like 0.25.",
    }


def test_an_import_without_rejects_has_a_file_without_rows(staff, vendor):
    imported = factories.imported(vendor)

    response = staff.get(f"/api/v1/imports/{imported.uuid}/rejects/")

    assert response.getvalue().decode() == "_line,_column,_value,_rule,_mend\r\n"
