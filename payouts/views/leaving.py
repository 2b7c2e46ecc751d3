"""How a vendor's pay leaves: accounts, whose statements tell all of it, and fees on the way."""

from typing import Any, cast

from django.utils import timezone
from django.views.generic import TemplateView

from payouts.leaving import fees, record
from payouts.leaving.fees import Fee
from payouts.leaving.forms import AccountsForm, FeeForm
from payouts.models import PayingAccounts, PayoutFee
from payouts.views.vendor import OfVendor
from workers.models import User, Vendor
from workers.posting import Posting, WithForms
from workers.roles import Permission
from workers.scoping import may

HUNDRED = 100_000_000  # micros: an example's amount


class Accounts(WithForms, OfVendor, TemplateView):
    """Up to when payments are known and why, and through which accounts all pay goes out."""

    model = PayingAccounts
    permission = Permission.SETTLEMENT_VIEW
    template_name = "payouts/settlement_accounts.html"
    section = "settlement"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how far the record reaches, and all declarations, the newest first."""
        vendor = self.find()
        return super().get_context_data(
            vendor=vendor,
            known=record.known(vendor),
            declarations=self.get_queryset().filter(vendor=vendor).order_by("-from_on"),
            form=self.form(AccountsForm, initial={"from_on": timezone.now().date()}),
            may_add=may(self.request.user, Permission.SETTLEMENT_ADD, timezone.now()),
            **kwargs,
        )


class DeclareAccounts(OfVendor, Posting):
    """Declare through which accounts all pay goes out."""

    model = PayingAccounts
    permission = Permission.SETTLEMENT_ADD
    on_page, page_name = Accounts, "pay-accounts"
    form_class = AccountsForm

    def act(self, row: Vendor, form: AccountsForm) -> None:
        """Write the declaration down."""
        said = form.cleaned_data
        lines = said.pop("accounts").splitlines()
        record.declare(
            vendor=row,
            accounts=[record.written(one, row.currency) for one in lines if one.strip()],
            decided_by=self.request.user.get_username(),
            by=cast(User, self.request.user),
            at=timezone.now(),
            **said,
        )


class Fees(WithForms, OfVendor, TemplateView):
    """What each way of paying costs the recipient, as it is declared."""

    model = PayoutFee
    permission = Permission.RUN_VIEW
    template_name = "payouts/fees.html"
    section = "runs"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add all fees, of each way the newest first."""
        vendor = self.find()
        rows = self.get_queryset().filter(vendor=vendor)
        return super().get_context_data(
            vendor=vendor,
            fees=[
                (row, Fee(row.fixed_micros, row.share_millionths, row.least_micros).of(HUNDRED))
                for row in rows.order_by("method", "currency", "-from_on")
            ],
            form=self.form(
                FeeForm,
                initial={"currency": vendor.currency, "from_on": timezone.now().date()},
            ),
            **kwargs,
        )


class SetFee(OfVendor, Posting):
    """Declare what a way of paying costs the recipient."""

    model = PayoutFee
    permission = Permission.RUN_DRAFT
    on_page, page_name = Fees, "fees"
    form_class = FeeForm

    def act(self, row: Vendor, form: FeeForm) -> None:
        """Write the fee down."""
        said = form.cleaned_data
        fees.set_fee(
            vendor=row,
            fee=fees.written(*(said.pop(part) for part in ("fixed", "percent", "least"))),
            decided_by=self.request.user.get_username(),
            by=cast(User, self.request.user),
            at=timezone.now(),
            **said,
        )
