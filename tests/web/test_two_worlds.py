"""A vendor cannot tell what workers logged, read, claimed or complained about to themselves.

Everything that the vendor's staff can fetch is the same, byte for byte, in two worlds that differ
only in that. And the test is no ornament: leaks that are planted are found.
"""

import re

import pytest
import time_machine
from django.http import Http404, HttpResponse

from ledger.views import Imports
from payouts.evidence import log, own_export
from payouts.models import Draft, Entry
from payouts.views.flags import FlagPage, Flags
from payouts.views.questions import Question, VendorQuestions
from payouts.views.statements import VendorStatements
from payouts.views.vendor import Overview
from tests import factories
from tests.web import two_worlds
from workers.models import Engagement, Link

pytestmark = pytest.mark.django_db
V = "/v/aster-labelling/"


@pytest.fixture
def worlds(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    (tmp_path / "next").mkdir()
    two_worlds.freeze_the_database(monkeypatch)
    with time_machine.travel(two_worlds.NOW, tick=False):
        yield two_worlds.Worlds(tmp_path, two_worlds.Chance(monkeypatch))


def test_a_vendor_cannot_tell_what_workers_do_alone(worlds):
    without, private = worlds.world(private=False), worlds.world(private=True)

    print(f"{len(without.answers)} answers, {without.bytes} bytes, each world")
    assert without.differences(private) == []
    assert len(without.answers) > 500
    assert without.bytes > 1_000_000
    statuses = {answer[:3] for answer in without.answers.values()}
    assert {b"200", b"302", b"403", b"404", b"405"} <= statuses
    for address in (V, f"{V}questions/", "/api/v1/work/"):
        assert without.answers[f"GET {address}"].startswith(b"200")


def count_in_a_page(monkeypatch):
    shown = Overview.get_context_data

    def with_count(view, **kwargs):
        context = shown(view, **kwargs)
        context["vendor"].name += f" ({Entry.objects.count()})"
        return context

    monkeypatch.setattr(Overview, "get_context_data", with_count)


def claims_in_a_page(monkeypatch):
    shown = VendorStatements.get_context_data

    def with_count(view, **kwargs):
        context = shown(view, **kwargs)
        context["vendor"].name += f" ({Link.objects.count()})"
        return context

    monkeypatch.setattr(VendorStatements, "get_context_data", with_count)


def drafts_in_a_list(monkeypatch):
    shown = VendorQuestions.get_context_data

    def with_drafts(view, **kwargs):
        context = shown(view, **kwargs)
        context["vendor"] = context["vendor"] if not Draft.objects.exists() else None
        return context

    monkeypatch.setattr(VendorQuestions, "get_context_data", with_drafts)


def count_in_a_header(monkeypatch):
    answered = Flags.render_to_response

    def with_header(view, context, **kwargs):
        response = answered(view, context, **kwargs)
        response.headers["X-Open"] = str(Draft.objects.count())
        return response

    monkeypatch.setattr(Flags, "render_to_response", with_header)


def cookie_in_an_answer(monkeypatch):
    dispatched = Imports.dispatch

    def with_cookie(view, request, *args, **kwargs):
        response = dispatched(view, request, *args, **kwargs)
        if Entry.objects.exists():
            response.set_cookie("seen", "1")
        return response

    monkeypatch.setattr(Imports, "dispatch", with_cookie)


def another_error_for_a_guessed_id(monkeypatch):
    def get(view, request, *args, **kwargs):
        if Draft.objects.exists():
            return HttpResponse("not yet", status=409)
        raise Http404

    monkeypatch.setattr(Question, "get", get)


def drafts_about_a_flag(monkeypatch):
    shown = FlagPage.get_context_data

    def with_drafts(view, **kwargs):
        about = f"flag-{view.object.pk}"
        asked = Draft.objects.filter(about=about).exists()
        return shown(view, **kwargs) | ({"zone": "Africa/Nairobi"} if asked else {})

    monkeypatch.setattr(FlagPage, "get_context_data", with_drafts)


def number_from_a_shared_sequence(monkeypatch):
    prepare = log.prepare

    def taking_a_number(worker, engagement, *args):
        factories.flag(engagement).delete()
        return prepare(worker, engagement, *args)

    monkeypatch.setattr(log, "prepare", taking_a_number)


def import_of_the_vendor_for_an_own_export(monkeypatch):
    read = own_export.read

    def as_an_import(*, engagement, **given):
        factories.imported(engagement.vendor, kind="own", format="canonical")
        return read(engagement=engagement, **given)

    monkeypatch.setattr(own_export, "read", as_an_import)


def a_mark_on_a_row_of_the_vendor(monkeypatch):
    """What a worker does is written onto a row that the vendor's lists show."""
    prepare = log.prepare

    def marking(worker, engagement, *args):
        Engagement.objects.filter(pk=engagement.pk).update(account=f"{engagement.account}!")
        return prepare(worker, engagement, *args)

    monkeypatch.setattr(log, "prepare", marking)


IN_ANSWERS = {  # by where it shows, and there alone
    count_in_a_page: V,
    claims_in_a_page: f"{V}statements/",
    drafts_in_a_list: f"{V}questions/",
    count_in_a_header: f"{V}flags/",
    cookie_in_an_answer: f"{V}imports/",
    another_error_for_a_guessed_id: r"/questions/[0-9a-f-]{36}/",
    drafts_about_a_flag: r"/flags/\d+/",
}
IN_ROWS = (
    number_from_a_shared_sequence,
    import_of_the_vendor_for_an_own_export,
    a_mark_on_a_row_of_the_vendor,
)


def named(plant):
    return plant.__name__.replace("_", " ")


def test_leaks_that_are_planted_in_answers_are_found_where_they_are(worlds, monkeypatch):
    for plant in IN_ANSWERS:
        plant(monkeypatch)

    found = differences(worlds)

    places = {plant: re.compile(rf"GET {where}(\?.*)?") for plant, where in IN_ANSWERS.items()}
    for plant, place in places.items():
        assert any(place.fullmatch(one) for one in found), named(plant)
    assert [one for one in found if not any(p.fullmatch(one) for p in places.values())] == []


@pytest.mark.parametrize("plant", IN_ROWS, ids=named)
def test_a_leak_that_is_planted_in_rows_is_found(worlds, monkeypatch, plant):
    plant(monkeypatch)

    assert differences(worlds) != []


def differences(worlds):
    """Return the requests to read whose answers differ."""
    without, private = (worlds.world(private=one, methods=("GET",)) for one in (False, True))
    return without.differences(private)
