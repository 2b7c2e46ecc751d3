"""The statement's plain words for single values: money, time, dates, states.

PDF and page take every word from here and from opening.py and sections.py, so they say the same.
"""

from datetime import date
from typing import Any

from ledger.money import format_amount
from payouts.statements.canonical import instant
from payouts.statements.figures import Span

MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MINUS = "\u2212"
UNKNOWN = "not known"
MS_PER_SECOND, MS_PER_MINUTE, MS_PER_HOUR = 1_000, 60_000, 3_600_000

PAY_LINES = {
    "task_pay": "Pay for tasks",
    "hourly_pay": "Pay by the hour",
    "bonus": "Bonuses and awards",
    "top_up": "Top-up to the floor",
    "adjustment": "Adjustments",
    "withheld": "Held back or taken off",
    "remitted": "Paid to a third party for you",
    "fees": "Fees on the way, at your cost",
    "in_transit": "Sent, not yet confirmed",
    "still_owed": "Still owed to you",
}
KINDS = {
    "task": "Tasks",
    "rework": "Rework",
    "instructions": "Reading instructions",
    "training": "Training",
    "qualification": "Qualification",
    "meeting": "Meetings",
    "waiting": "Waiting for work",
    "searching": "Searching for work",
    "admin": "Administration",
    "tech_failure": "Technical failure",
    "break": "Breaks",
    "award": "Bonuses and awards",
}
MEASURED = {
    "tool": "by the tool",
    "clock": "start and end",
    "vendor": "stated by the payer",
    "mixed": "in several ways",
    "none": "not measured",
}
VERDICTS = {
    "pass": "reached",
    "fail": "below",
    "contested": "uncertain",
    "no_evidence": UNKNOWN,
    "not_due": "not due yet",
}
STATES = {
    "pending": "in review",
    "payable": "owed to you",
    "refused": "refused",
    "withheld": "held back",
    "remitted": "paid for you",
    "in_transit": "on its way",
    "received": "arrived",
    "on_approval": "paid on approval",
    "fees": "lost to fees",
    "advance": "paid ahead",
    "split": "in parts",
    "none": "no pay",
    "unknown": "pay not known",
}
ACCOUNTS = {
    "pending": "In review",
    "payable": "Owed to you",
    "refused": "Refused",
    "withheld": "Held back or taken off",
    "remitted": "Paid to a third party for you",
    "in_transit": "Sent, not yet confirmed",
    "received": "Arrived",
    "on_approval": "Paid by the platform on approval",
    "fees": "Fees at your cost",
    "advance": "Paid ahead of work",
}
AGES = {
    "not_due": "Not due yet",
    "to_16": "1 to 16 days late",
    "to_30": "17 to 30 days late",
    "to_60": "31 to 60 days late",
    "over_60": "Over 60 days late",
    "not_known": "Due; not known whether it was sent",
    "undated": "No date agreed",
}


def amount(micros: int | None) -> str:
    """Return an amount without its currency, exactly; the minus is a real one.

    >>> amount(38_400_000), amount(-1_500_000), amount(None)
    ('38.40', '−1.50', 'not known')
    """
    return UNKNOWN if micros is None else format_amount(micros).replace("-", MINUS)


def money(micros: int | None, currency: str) -> str:
    """Return an amount with its currency's code: "38.40 USD"."""
    return UNKNOWN if micros is None else f"{amount(micros)} {currency}"


def duration(ms: int | None) -> str:
    """Return a time in words: to the nearest minute, under an hour to the nearest second.

    >>> duration(112_800_000), duration(725_000), duration(3_599_900), duration(0)
    ('31 h 20 min', '12 min 5 s', '1 h 0 min', '0 min')
    """
    if ms is None:
        return UNKNOWN
    seconds = (ms + MS_PER_SECOND // 2) // MS_PER_SECOND
    if seconds < 3_600:
        minutes, seconds = divmod(seconds, 60)
        parts = [f"{minutes} min"] * (minutes > 0) + [f"{seconds} s"] * (seconds > 0)
        return " ".join(parts) or "0 min"
    minutes = (ms + MS_PER_MINUTE // 2) // MS_PER_MINUTE
    return f"{minutes // 60} h {minutes % 60} min"


def span(time: Span) -> str:
    """Return a time that may be uncertain: "31 h 20 min", or "29 h 5 min to 31 h 20 min".

    >>> span(Span(3_600_000, 3_600_000)), span(Span(0, 3_600_000))
    ('1 h 0 min', '0 min to 1 h 0 min')
    """
    low, high = duration(time.low_ms), duration(time.high_ms)
    return high if low == high else f"{low} to {high}"


def day(on: date | None, missing: str = UNKNOWN) -> str:
    """Return a date in words: "2 Nov 2026"."""
    return missing if on is None else f"{on.day} {MONTHS[on.month - 1]} {on.year}"


def days(first: date, last: date) -> str:
    """Return two dates as one span, saying nothing twice: "26 Oct – 1 Nov 2026".

    >>> days(date(2026, 10, 5), date(2026, 10, 11)), days(date(2026, 12, 28), date(2027, 1, 3))
    ('5 – 11 Oct 2026', '28 Dec 2026 – 3 Jan 2027')
    """
    if first.year != last.year:
        return f"{day(first)} \u2013 {day(last)}"
    month = "" if first.month == last.month else f" {MONTHS[first.month - 1]}"
    return f"{first.day}{month} \u2013 {day(last)}"


def week(first: date, last: date) -> str:
    """Return a week without its year: "5 – 11 Oct".

    >>> week(date(2026, 10, 26), date(2026, 11, 1))
    '26 Oct – 1 Nov'
    """
    return days(first.replace(year=last.year), last).rpartition(" ")[0]


def moment(at_ms: int) -> str:
    """Return an instant in words, to the minute: "2 Nov 2026, 08:00 UTC"."""
    text = instant(at_ms)
    return f"{day(date.fromisoformat(text[:10]))}, {text[11:16]} UTC"


def converted(conversion: dict[str, Any]) -> str:
    """Return in words what pay in another currency was converted at (ledger/exchange.py).

    >>> rate = {"currency": "KES", "base": "USD", "rate": "129.35", "day": "2026-10-30"}
    >>> converted({"currency": "KES", "into": "USD", "day": "2026-11-01",
    ...            "rates": [rate | {"source": "cbk"}]})
    'KES to USD on 1 Nov 2026: 129.35 KES for 1 USD (cbk, 30 Oct 2026)'
    """
    rates = "; ".join(
        f"{rate['rate']} {rate['currency']} for 1 {rate['base']} "
        f"({rate['source']}, {day(date.fromisoformat(rate['day']))})"
        for rate in conversion["rates"]
    )
    on = day(date.fromisoformat(conversion["day"]))
    return f"{conversion['currency']} to {conversion['into']} on {on}: {rates}"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun: "1 week", "4 weeks", "no weeks"."""
    if number == 1:
        return f"1 {noun}"
    return f"{number or 'no'} {plural or noun + 's'}"


NOTHING_SINCE = (
    "Nothing was recorded after the statement before this one: what this period's work earned is "
    "in its closing balances, and so in these opening ones."
)


def facts(first_n: int, last_n: int) -> str:
    """Return which facts are covered.

    >>> facts(118, 407), facts(408, 407)
    ('Facts 118 to 407', 'No facts after number 407')
    """
    return (
        f"Facts {first_n} to {last_n}" if last_n >= first_n else f"No facts after number {last_n}"
    )


def share(permille: int) -> str:
    """Return a share in whole per cent, rounded down: "97%"."""
    return f"{permille // 10}%"
