"""What the demo lets people say: there is a flag and a question for the auditor to decide."""

from datetime import timedelta

import pytest

from payouts import demo
from payouts.models import Dispute
from tests.web.test_pages import visit

pytestmark = pytest.mark.django_db


def test_an_auditor_of_the_demo_has_a_question_to_decide(site):
    told = {"staff": site.users["vera"], "worker": site.users["owed"], "at": site.as_of}
    before = Dispute.objects.count()

    demo.tell(**told)
    demo.tell(**told)

    asked = Dispute.objects.exclude(flag=None).get()
    assert Dispute.objects.count() == before + 1
    assert demo.REPLY in visit(site, "ada", f"/questions/{asked.pk}/").said
    assert "Close with this reason" in visit(site, "ada", f"/questions/{asked.pk}/").said


def test_the_project_that_answers_in_haste_has_a_flag_in_the_sample(site):
    assert demo.HASTY in {one.get("project") for one in site.plan["planted"]}
    assert timedelta(days=demo.ANSWER_DAYS) < demo.BEFORE
