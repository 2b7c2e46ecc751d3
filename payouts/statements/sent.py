"""The payments in a statement: when they were sent and arrived, and what the way took."""

from django.utils.translation import gettext as _

from payouts.statements.data import StatementData
from payouts.statements.figures import Exchanged, Payment
from payouts.statements.parts import Row, Section, number, text, user
from payouts.statements.safe import ID_CAP, clean
from payouts.statements.words import amount, count, day, money


def payments(data: StatementData) -> Section:
    """Return the payments, and up to which day they are known."""
    rows = tuple(
        Row(
            (
                clean(paid.reference, ID_CAP),
                day(paid.sent_on),
                day(paid.arrived_on, _("not confirmed")),
                count(len(paid.works), "piece"),
                amount(paid.fee_micros),
                amount(paid.amount_micros),
            ),
            under=_of_payment(paid, data.currency),
        )
        for paid in data.payments
    )
    until = data.basis.payments_complete_until_on
    known = _("Payments are known up to %(day)s.") % {"day": day(until)} if until else ""
    if not known and data.totals.on_approval_micros:
        known = _("%(source)s pays when it approves and reports no payments.") % {
            "source": clean(data.worker.source)
        }
    return Section(
        "payments",
        _("Payments"),
        (known or _("The payer has not said up to which day this list is complete."),),
        (
            user(_("Reference"), 30),
            text(_("Sent"), 15),
            text(_("Arrived"), 17),
            number(_("Pays for"), 14),
            number(_("Fee"), 10),
            number(_("Sent, %(currency)s") % {"currency": data.currency}, 14),
        ),
        rows,
        _("No payment paid for this work, and none is new since the last statement."),
        (_("Which payment paid for which work stands with each piece of work below."),)
        if rows
        else (),
    )


def _of_payment(paid: Payment, currency: str) -> str:
    """Return what there is to say of how a run made a payment, and of its exchange."""
    said = []
    if paid.payout_micros is not None:
        amount = money(paid.payout_micros, paid.payout_currency)
        said.append(_("To arrive: %(amount)s.") % {"amount": amount})
    if paid.one_person:
        said.append(_("One person drafted and approved this payment."))
    if paid.exchange is not None:
        said.append(_exchanged(paid.exchange, currency))
    return " ".join(said)


def _exchanged(exchange: Exchanged, currency: str) -> str:
    arrived = money(exchange.arrived_micros, exchange.currency)
    if not exchange.valued_by:
        unknown = _(
            "Arrived as %(arrived)s; no reference rate is known, so nobody can say what was lost."
        )
        return unknown % {"arrived": arrived}
    return _("Arrived as %(arrived)s; %(lost)s lost on exchange (%(rate)s).") % {
        "arrived": arrived,
        "lost": money(exchange.lost_micros, currency),
        "rate": exchange.valued_by,
    }
