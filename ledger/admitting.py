"""What is refused of a file before it is read: its size, and what is said about it."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext

from ledger.files import Refused
from ledger.importers.reading import MAX_FILE_BYTES
from workers.years import FIRST_YEAR

CLOCK_SKEW = timedelta(minutes=10)  # by which the exporting machine's clock may be ahead


def by_size(name: str, size: int) -> None:
    """Refuse a file that is too large to be read. size: in bytes."""
    if size > MAX_FILE_BYTES:
        raise Refused(
            gettext("%(name)s has %(size)s bytes") % {"name": name, "size": size},
            gettext("a file has at most 2 GB"),
            gettext("Split it by rows."),
        )


def by_moment(exported_at: datetime | None, at: datetime) -> None:
    """Refuse a date of the export that no export of now can have."""
    if exported_at is None:
        return
    if exported_at.year < FIRST_YEAR:
        rule = gettext("an export is not older than %(year)s") % {"year": FIRST_YEAR}
    elif exported_at > at + CLOCK_SKEW:
        rule = gettext(
            "an export was made before it is brought in; dated ahead, it would beat all real ones"
        )
    else:
        return
    raise Refused(
        gettext("exported at %(at)s") % {"at": exported_at.isoformat()},
        rule,
        gettext("Mend the date, or leave it out."),
        about="exported_at",
    )


def by_day(complete_until: date | None, today: date) -> None:
    """Refuse a day up to which no payments can be known. today: on the vendor's clock."""
    if complete_until is None:
        return
    if complete_until.year < FIRST_YEAR:
        rule = gettext("payments are not older than %(year)s") % {"year": FIRST_YEAR}
    elif complete_until > today:
        rule = gettext("what will be sent is not known yet; today is %(day)s") % {"day": today}
    else:
        return
    raise Refused(
        gettext("complete up to %(day)s") % {"day": complete_until},
        rule,
        gettext("Mend the day, or leave it out."),
        about="complete_until",
    )
