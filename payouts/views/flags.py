"""Flags on pages: the lists of a vendor, a worker and an auditor, one flag, and its answers."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from ledger import jobs
from ledger.models import Job
from payouts import flag_list, scan_jobs, scanning
from payouts.disputes.forms import AwardForm, DecideForm, ExplainForm, SeenForm
from payouts.flag_life import answering, keeping, listed, paying, standing
from payouts.flag_words import PLAIN
from payouts.models import Dispute, Flag, Scan
from payouts.views.vendor import OfVendor
from workers.models import User
from workers.posting import Form, Posting, WithForms
from workers.reloading import Reloading
from workers.roles import Permission, Role
from workers.scoping import Scoped, may

PAGE = 25  # flags
WORKS = 50  # pieces of work named on the page of a flag
SECTIONS = {"worker": "my-flags", "vendor": "flags", "auditor": "audit-flags"}


class FlagLists(Scoped, ListView, abstract=True):
    """A list of flags, which can be narrowed to a code and to where they stand."""

    model = Flag
    paginate_by = PAGE
    for_auditor = False

    def get_queryset(self) -> "QuerySet[Flag]":
        """Return the visible flags that were asked for."""
        self.flags = flag_list.standing_now(self.of(super().get_queryset()), self.visible(Dispute))
        self.code = self.request.GET.get("code", "")[:4]
        asked = self.request.GET.get("state", "")
        self.stands = asked if asked in flag_list.STANDS else ""
        return flag_list.rows(
            self.flags, code=self.code, stands=self.stands, for_auditor=self.for_auditor
        )

    def of(self, flags: "QuerySet[Flag]") -> "QuerySet[Flag]":
        """Return those of the flags that the page is about."""
        return flags

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filters with their numbers."""
        context, at = super().get_context_data(**kwargs), timezone.now()
        plain = PLAIN.get(self.code)
        return context | {
            "counts": flag_list.counts(self.flags),
            "kinds": flag_list.kinds(self.flags, stands=self.stands),
            "shown": list(flag_list.shown(context["object_list"], at)),
            "code": self.code,
            "stands": self.stands,
            "plain": plain,
            "at": at,
        }


class Flags(Reloading, OfVendor, FlagLists):
    """What is wrong with a vendor's pay, worst money first."""

    permission = Permission.FLAG_VIEW
    template_name = "flags/of_vendor.html"
    section = "flags"

    def of(self, flags: "QuerySet[Flag]") -> "QuerySet[Flag]":
        """Return the vendor's."""
        self.for_auditor = not may(self.request.user, Permission.FLAG_ANSWER, timezone.now())
        return flags.filter(vendor=self.find())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far a scan is."""
        context = super().get_context_data(**kwargs)
        scan = self.visible(Scan).filter(vendor=self.vendor).order_by("-pk").first()
        of_scan = self.visible(Job).filter(scan_jobs.is_of(scan)) if scan else []
        narrowed = self.code or self.stands
        return context | {
            "vendor": self.vendor,
            "notices": [] if narrowed else list(flag_list.notices(self.flags, context["at"])),
            "scan": scan,
            "job": scanning.progress(of_scan),
            "role": Role.AUDITOR if self.for_auditor else Role.VENDOR,
            "may_scan": may(self.request.user, Permission.FLAG_SCAN, context["at"]),
        }

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether a scan goes on."""
        return context["job"].state in jobs.GOES_ON


class MyFlags(FlagLists):
    """What was found about the worker's pay, and what the vendor says to it."""

    permission = Permission.PAY_VIEW
    template_name = "flags/mine.html"
    nav, section = Role.WORKER, "my-flags"
    extra_context = {"role": Role.WORKER}


class AuditFlags(FlagLists):
    """The flags of all grants, those first that nobody answered."""

    permission = Permission.FLAG_DECIDE
    template_name = "flags/audit.html"
    nav, section = Role.AUDITOR, "audit-flags"
    for_auditor = True
    extra_context = {"role": Role.AUDITOR}


class FlagPage(WithForms, Scoped, DetailView):
    """One flag: what it stands on, what happened to it, and the answer of who may give one."""

    model = Flag
    permission = Permission.FLAG_VIEW
    template_name = "flags/flag.html"

    def get_queryset(self) -> "QuerySet[Flag]":
        """Return the visible flags with where they stand."""
        rows = super().get_queryset().select_related("engagement", "vendor")
        return flag_list.standing_now(rows, self.visible(Dispute))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add its life, its evidence, and what this visitor may do."""
        flag, at = self.object, timezone.now()
        roles = listed.roles_towards(flag, cast(User, self.request.user))
        role = next(role for role in SECTIONS if role in roles)
        works = flag.evidence.get("works", [])
        asked = self.visible(Dispute).filter(flag=flag, closed_at=None).first()
        stands, seen = keeping.of(flag), {"seen": flag.events}
        # Where the worker disagrees with an explanation, the question is the place to go on.
        may_explain = standing.may_explain(stands) and not (asked and standing.has_answer(stands))
        explain = decide = None
        if Role.VENDOR in roles and may_explain:
            explain = self.form(ExplainForm, initial=seen)
        if Role.AUDITOR in roles and standing.may_decide(stands):
            decide = self.form(DecideForm, initial=seen)
        return super().get_context_data(
            one=next(flag_list.shown([flag], at)),
            life=listed.of([flag.pk], self.visible).get(flag.pk, []),
            works=works[:WORKS],
            more=max(flag.evidence.get("pieces", len(works)) - WORKS, 0) if works else 0,
            payments=flag.evidence.get("payments", [])[:WORKS],
            zone=flag.vendor.zone,
            roles=roles,
            role=role,
            section=SECTIONS[role],
            may_need_worker=Role.VENDOR in roles and answering.may_need_worker(flag),
            to_award=paying.asks_for(flag) if Role.VENDOR in roles else 0,
            may_ask=Role.WORKER in roles and flag.for_vendor,
            asked=asked,
            explain=explain,
            decide=decide,
            **kwargs,
        )


class Answering(Posting, abstract=True):
    """What somebody does about a flag. answer: the one call into the domain."""

    model = Flag
    on_page, page_name = FlagPage, "flag"
    answer: Callable[..., Any]

    def act(self, row: Flag, form: Form) -> None:
        """Keep the answer."""
        by = cast(User, self.request.user)
        self.answer(flag=row, by=by, at=timezone.now(), **form.cleaned_data)


class ExplainFlag(Answering):
    """The vendor explains a flag."""

    permission = Permission.FLAG_ANSWER
    form_class = ExplainForm
    answer = staticmethod(answering.explain)


class NeedWorker(Answering):
    """The vendor says that it has asked the worker for other details."""

    permission = Permission.FLAG_ANSWER
    form_class = SeenForm
    answer = staticmethod(answering.need_worker)


class PayFlag(Answering):
    """The vendor awards the time that a flag asks for."""

    permission = Permission.FLAG_ANSWER
    form_class = AwardForm
    answer = staticmethod(paying.pay)

    def act(self, row: Flag, form: Form) -> None:
        """Award it, and say what comes next."""
        super().act(row, form)
        messages.success(
            self.request,
            _("It is owed to the worker now. The scan that has begun closes the flag."),
        )


class DecideFlag(Answering):
    """An auditor closes a flag."""

    permission = Permission.FLAG_DECIDE
    form_class = DecideForm
    answer = staticmethod(answering.decide)
