"""manage.py set_terms --vendor NAME --review-days 7 --due-days 30 --from D: agree pay terms."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from ledger import agreed, agreeing
from ledger.money import Money, parse_micros
from workers import naming
from workers.counted import counted
from workers.models import Vendor


class Command(BaseCommand):
    help = "Agree when a vendor's work must be decided and paid; judges what is claimed from then."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vendor", required=True)
        parser.add_argument("--source", default="", help="of one platform only")
        parser.add_argument("--project", default="", help="of one project only")
        parser.add_argument("--review-days", type=int, required=True, help="handed in to decided")
        parser.add_argument("--due-days", type=int, required=True, help="decided to paid")
        parser.add_argument("--pays-on-approval", action="store_true")
        parser.add_argument(
            "--no-lapse", action="store_true", help="undecided work past its review stays undecided"
        )
        parser.add_argument("--pay-cycle", default="", help="weekly, biweekly, monthly, '10 days'")
        parser.add_argument("--threshold", default="", metavar="AMOUNT", help="least paid out")
        parser.add_argument("--threshold-currency", default="", metavar="CODE")
        parser.add_argument("--fee-bearer", default="vendor", choices=agreeing.FEE_BEARERS)
        parser.add_argument("--notice-days", type=int, default=agreeing.NOTICE_DAYS)
        parser.add_argument(
            "--on-call", default="reachable", choices=agreeing.ON_CALL, help="which waiting is work"
        )
        parser.add_argument(
            "--answer-days", type=int, default=agreed.ANSWER_DAYS, help="a flag asked to answered"
        )
        parser.add_argument("--from", dest="first", required=True, metavar="D", help="YYYY-MM-DD")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            vendor = naming.vendor_named(options["vendor"])
            terms = agreeing.set_terms(
                vendor=vendor,
                source=options["source"],
                project=options["project"],
                review_days=options["review_days"],
                due_days=options["due_days"],
                pays_on_approval=options["pays_on_approval"],
                lapses=not options["no_lapse"],
                pay_cycle=options["pay_cycle"],
                threshold=_threshold(vendor, options),
                fee_bearer=options["fee_bearer"],
                notice_days=options["notice_days"],
                on_call=options["on_call"],
                answer_days=options["answer_days"],
                from_on=naming.day_written(options["first"]),
                at=timezone.now(),
            )
        except ValueError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{terms.vendor}: decided within {counted(terms.review_days, 'day')}, "
            f"paid {counted(terms.due_days, 'day')} after, from {terms.from_on} on."
        )


def _threshold(vendor: Vendor, options: dict[str, Any]) -> Money | None:
    if not options["threshold"]:
        return None
    currency = naming.currency_named(options["threshold_currency"] or vendor.currency)
    return Money(parse_micros(options["threshold"]), currency)
