"""Who, what and when: the lines at the top of page 1."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from payouts.statements.data import StatementData
from payouts.statements.safe import ID_CAP, REASON_CAP, clean
from payouts.statements.words import days, moment


@dataclass(frozen=True, slots=True)
class Heading:
    """The top of the statement, cleaned. `correction` is "" for a first version."""

    number: str
    payer: str
    payer_more: str
    period: str
    span: str
    worker: str
    account: str
    issued: str
    correction: str


def heading(data: StatementData) -> Heading:
    """Return the lines at the top."""
    payer, worker, period = data.payer, data.worker, data.period
    correction = ""
    if data.replaces:
        correction = _("Corrected, version %(version)s: this replaces %(number)s.") % {
            "version": data.version,
            "number": clean(data.replaces),
        }
    more = [clean(payer.address, REASON_CAP), clean(payer.registration)]
    return Heading(
        number=clean(data.number),
        payer=clean(payer.name),
        payer_more=", ".join(filter(None, more)),
        period=clean(period.label),
        span=_("Weeks ending %(days)s · %(week)s · %(zone)s")
        % {
            "days": days(period.first_on, period.last_on),
            "week": clean(period.week),
            "zone": clean(period.zone),
        },
        worker=clean(worker.name),
        account=_("%(account)s at %(source)s")
        % {"account": clean(worker.account, ID_CAP), "source": clean(worker.source)},
        issued=_("Issued %(moment)s") % {"moment": moment(data.issued_at_ms)},
        correction=correction,
    )
