"""What a worker keeps: edits stay in sight, seals show a change, nothing of it is the vendor's."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from ledger.models import Batch, Import, Job, Work, WorkWeek
from ledger.periods import ms_of
from payouts.evidence import log, own_export, release, weeks
from payouts.evidence.log import NotKept, Said
from payouts.models import Dispute, Entry, OwnExport, Release, Scan, Screenshot
from tests import factories
from tests.payouts import exports
from workers.models import Link

pytestmark = pytest.mark.django_db

AT = datetime(2026, 10, 9, 12, tzinfo=UTC)
NINE = ms_of(datetime(2026, 10, 7, 9, tzinfo=UTC))
HOUR_MS = factories.HOUR_MS


@pytest.fixture
def account():
    account = factories.engagement(factories.vendor(), "ada", source="studio")
    factories.worker(account, name="ada-a-worker")
    return account


@pytest.fixture
def client(account):
    client = Client()
    client.force_login(factories.person_of(account).user)
    with time_machine.travel(AT, tick=False):
        yield client


def keep(account, **given):
    said = {"started_at_ms": NINE, "ended_at_ms": NINE + HOUR_MS, **given}
    return factories.entry(account, at=AT, **said)


def test_an_edit_is_a_new_revision_that_names_the_old_one(account):
    first = keep(account, what="waiting")
    second = log.edit(entry=first, said=log.said_by(first)._replace(what="training"), at=AT)

    assert [one.what for one in log.revisions(second)] == ["training", "waiting"]
    assert list(log.current(Entry.objects.all())) == [second]
    first.refresh_from_db()
    assert first.what == "waiting"


def test_two_edits_of_one_revision_are_one_edit(account):
    first = keep(account)
    log.edit(entry=first, said=log.said_by(first), at=AT)

    with pytest.raises(NotKept, match="changed meanwhile"):
        log.edit(entry=first, said=log.said_by(first), at=AT)


def test_a_withdrawn_entry_counts_nowhere_and_stays_in_sight(account):
    gone = log.withdraw(entry=keep(account), at=AT)

    assert not log.current(Entry.objects.all()).exists()
    assert len(log.revisions(gone)) == 2
    with pytest.raises(NotKept, match="withdrawn"):
        release.subject_of(gone, at=AT)


def test_a_clock_is_started_once_and_stopped_once(account):
    given = {"worker": factories.person_of(account), "engagement": account, "what": "", "at": AT}
    running = log.start(**given)
    with pytest.raises(NotKept, match="running"):
        log.start(**given)

    stopped = log.stop(entry=running, at=AT + timedelta(minutes=30))

    assert stopped.ended_at_ms - stopped.started_at_ms == HOUR_MS // 2
    assert [one.ended_at_ms is None for one in log.revisions(stopped)] == [False, True]
    with pytest.raises(NotKept, match="stopped already"):
        log.stop(entry=stopped, at=AT)


@pytest.mark.parametrize(
    ("start", "end", "rule"),
    [
        pytest.param(NINE, NINE - 1, "before the start", id="an end before the start"),
        pytest.param(NINE, ms_of(AT) + 1, "still to come", id="an end to come"),
        pytest.param(-(10**13), NINE, "before 1990", id="a slip in the year"),
        pytest.param(NINE - 25 * HOUR_MS, NINE, "24 hours", id="more than a day at a stretch"),
    ],
)
def test_a_time_that_cannot_be_is_not_kept(account, start, end, rule):
    with pytest.raises(NotKept, match=rule):
        keep(account, started_at_ms=start, ended_at_ms=end)

    assert not Entry.objects.exists()


def test_a_seal_shows_that_an_old_revision_was_changed(account):
    first = keep(account)
    second = log.edit(entry=first, said=log.said_by(first)._replace(note="late"), at=AT)
    pseudonym = account.pseudonym.hex
    seal = log.commitment_of(first, pseudonym, b"")
    assert bytes(first.commitment) == seal
    assert bytes(second.commitment) == log.commitment_of(second, pseudonym, seal)

    Entry.objects.filter(pk=first.pk).update(ended_at_ms=NINE + 2 * HOUR_MS)

    first.refresh_from_db()
    assert log.commitment_of(first, pseudonym, b"") != bytes(first.commitment)


def test_an_entry_is_its_writers_also_when_the_account_changes_hands(account, client):
    entry = keep(account)
    Link.objects.update(ended_at=AT)
    heir = Client()
    heir.force_login(factories.worker(account, name="heir"))

    assert heir.get(reverse("log-entry", args=[entry.pk])).status_code == 404
    assert client.get(reverse("log-entry", args=[entry.pk])).status_code == 200


def test_a_picture_is_hashed_and_never_stored(account, client, monkeypatch):
    """Neither in memory nor on the disk: the handlers that would keep it are never asked."""
    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "new_file", lambda *args, **kwargs: pytest.fail("kept"))
    entry = keep(account)
    big = b"\x89PNG" + bytes(3_000_000)

    client.post(
        reverse("log-screenshot", args=[entry.pk]), {"picture": SimpleUploadedFile("a.png", big)}
    )

    noted = Screenshot.objects.get()
    assert (noted.sha256, noted.size) == log.hash_of([big])


def test_a_picture_from_elsewhere_is_refused(account):
    """The page that hashes reads the body itself, and still asks for the token of its form."""
    entry = keep(account)
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.person_of(account).user)

    file = {"picture": SimpleUploadedFile("a.png", b"picture")}
    assert client.post(reverse("log-screenshot", args=[entry.pk]), file).status_code == 403
    assert not Screenshot.objects.exists()


def test_an_own_export_reaches_private_tables_only(account, client, tmp_path):
    rows = [exports.work("ada", number) for number in range(1, 4)] + [exports.work("bea", 1)]
    path = exports.written(tmp_path, rows)

    for _ in range(2):
        answer = client.post(
            reverse("my-exports"), {"file": SimpleUploadedFile("kept.csv", path.read_bytes())}
        )

    assert "read already" in answer.content.decode()
    assert OwnExport.objects.get().counts == {"kept": 3, "others": 1, "unread": 0}
    assert Entry.objects.filter(how="export", promised_micros=20_000_000).count() == 3
    for model in (Import, Batch, Work, Job, Scan):
        assert not model.objects.exists()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        pytest.param(b"a,b\n1,2\n", "the columns a, b", id="a file of no known format"),
        pytest.param(b"\x00\x01", "NUL", id="no text"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(account, client, content, rule):
    answer = client.post(reverse("my-exports"), {"file": SimpleUploadedFile("x.csv", content)})

    assert rule in answer.content.decode()
    assert not OwnExport.objects.exists()


def test_what_the_record_does_not_have_is_listed(account):
    factories.work(account, external_id="HIT-1@20261007T090000Z")
    for external_id in ("HIT-1", "HIT-2", "HIT-1@20261007T090000Z"):
        keep(account, external_id=external_id)

    lost = own_export.not_there(log.current(Entry.objects.all()))

    assert [one.external_id for one in lost] == ["HIT-2"]


def test_both_clocks_of_a_week_stand_side_by_side(account):
    floor = factories.floor()
    factories.work(account, ended_at=datetime(2026, 10, 7, 10, tzinfo=UTC))
    factories.week(account, starts_on=datetime(2026, 10, 5, tzinfo=UTC).date(), floor=floor)
    keep(account, started_at_ms=NINE + HOUR_MS // 2, ended_at_ms=NINE + 2 * HOUR_MS)

    entries = log.current(Entry.objects.all())
    (week,) = weeks.compare([account], entries, WorkWeek.objects.all(), at=AT)

    assert (week.own_ms, week.missing_ms) == (HOUR_MS * 3 // 2, HOUR_MS)
    assert (week.worth_micros, week.currency) == (15_000_000, "USD")


def test_pages_of_the_record_ask_no_more_for_more_entries(
    account, client, django_assert_max_num_queries
):
    factories.floor()
    for number in range(25):
        keep(account, started_at_ms=NINE - number * HOUR_MS, ended_at_ms=NINE - number * HOUR_MS)

    for name, most in (("my-log", 14), ("my-clocks", 18), ("my-questions", 14)):
        with django_assert_max_num_queries(most):
            assert client.get(reverse(name)).status_code == 200


def test_what_is_released_stays_and_is_released_once(account, client):
    factories.floor()
    entry = keep(account, what="training")
    private = keep(account, what="a secret of mine", started_at_ms=NINE - HOUR_MS)
    released = client.post(reverse("log-release", args=[entry.pk]), {"words": "unpaid"})
    client.post(reverse("log-release", args=[entry.pk]), {"words": "unpaid"})

    dispute = Dispute.objects.get()
    assert released.headers["Location"] == reverse("question", args=[dispute.pk])
    assert Release.objects.get().dispute_id == dispute.pk
    assert str(private.pk) not in str(dispute.evidence)
    assert "a secret of mine" not in str(dispute.evidence)
    with pytest.raises(NotKept, match="stays as it is"):
        log.edit(entry=entry, said=log.said_by(entry), at=AT)


def test_what_was_released_before_is_not_asked_for_again(account):
    factories.floor()
    user = factories.person_of(account).user
    first = keep(account)
    again = keep(account, ended_at_ms=NINE + 2 * HOUR_MS)

    stakes = [
        release.release(entry=one, words="", by=user, at=AT).stake_micros for one in (first, again)
    ]

    assert stakes == [15_000_000, 15_000_000]


def test_time_stated_without_a_clock_is_taken_off_once_and_not_off_each_entry(account):
    factories.floor()
    stated = datetime(2026, 10, 7, 23, tzinfo=UTC)
    factories.work(account, ended_at=stated, started_at_ms=ms_of(stated), wall_ms=HOUR_MS)
    user = factories.person_of(account).user
    entries = [
        keep(account, started_at_ms=NINE + at * HOUR_MS, ended_at_ms=NINE + (at + 1) * HOUR_MS)
        for at in range(2)
    ]

    stakes = [release.release(entry=one, words="", by=user, at=AT).stake_micros for one in entries]

    assert stakes == [0, 15_000_000]


def test_unreleased_entries_change_no_stake(account):
    factories.floor()
    entry = keep(account)
    before = release.subject_of(entry, at=AT)
    keep(account, started_at_ms=NINE - HOUR_MS)

    assert release.subject_of(entry, at=AT) == before


def test_a_person_may_erase_their_own_record(account):
    log.edit(entry=keep(account), said=Said(NINE, NINE + 1), at=AT)

    factories.person_of(account).user.delete()

    assert not Entry.objects.exists()


def test_the_database_keeps_one_successor_of_a_revision(account):
    first = keep(account)
    log.edit(entry=first, said=log.said_by(first), at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        log.prepare(first.worker, account, log.said_by(first), first, AT).save()
