"""The measures of `report.of` as text to read. Every figure says which time and which pay it is."""

from collections.abc import Iterator
from typing import Any

from payouts.compliance.weeks import DENOMINATORS, NO_FLOOR, PAYS

VERDICTS = ("pass", "fail", "contested", "no_evidence", "not_due", NO_FLOOR)


def text(report: dict[str, Any]) -> str:
    """Return the measures as lines of text."""
    return "\n".join(_lines(report))


def _lines(report: dict[str, Any]) -> Iterator[str]:
    yield f"{report['vendor']}, work that ended {_range(report)}; due dates as of {report['as_of']}"
    yield f"{report['workers']} workers, at most {report['max_concurrent']} tasks at once"
    yield "\nWork: kind, how it ended, what was decided, rows"
    for row in report["work"]:
        yield f"  {row['kind']:14} {row['ended_as']:13} {row['decision']:10} {row['rows']:>9}"
    yield from _money(report["money"])
    yield from _hours(report["hours"])
    yield from _weeks(report["worker_weeks"])
    yield from _measures(report["measures"])


def _range(report: dict[str, Any]) -> str:
    if not report["from"] and not report["to"]:
        return "on any day"
    return f"from {report['from'] or 'the beginning'} to {report['to'] or 'now'}"


def _money(money: dict[str, Any]) -> Iterator[str]:
    for currency, held in money.items():
        yield f"\nMoney in {currency}"
        for name in ("earned", "pending", "refused", "received"):
            yield f"  {name:12} {held[name]:>16}"
        yield "  by account"
        for account, amount in held["accounts"].items():
            yield f"    {account:10} {amount:>16}"


def _hours(hours: dict[str, Any]) -> Iterator[str]:
    gap = f"{hours['merge_gap_seconds']:g} s"
    yield f"\nHours on {hours['denominator']}"
    yield f"  summed                      {hours['summed']:>14.4f}"
    yield f"  union                       {hours['union']:>14.4f}"
    yield f"  union, pauses up to {gap:7} {hours['union_merged']:>14.4f}"
    if hours["untimed_rows"]:
        yield f"  {hours['untimed_rows']} rows have no time at all"


def _weeks(weeks: dict[str, Any]) -> Iterator[str]:
    yield "\nWorker-weeks by verdict; what is missing to the floor, least and most"
    yield f"  {'':16}" + "".join(f"{name.replace('_', ' '):>12}" for name in VERDICTS)
    for letter in DENOMINATORS:
        for pay in PAYS:
            counted = weeks[letter][pay]
            missing = "  ".join(
                f"{bounds['low']} to {bounds['high']} {currency}"
                for currency, bounds in counted["shortfall"].items()
            )
            figures = "".join(f"{counted[name]:>12}" for name in VERDICTS)
            yield f"  {letter} {pay.replace('_', ' '):14}{figures}   {missing}".rstrip()
    share = weeks["share_measured"]
    yield f"  measured by a tool: {'no hours' if share is None else f'{share:.1%} of hours B'}"


def _measures(measures: list[dict[str, Any]]) -> Iterator[str]:
    yield "\nHourly pay by worker over the whole range (not cut at weeks, so no verdicts), on B"
    for one in measures:
        shares = "  ".join(
            f"below {line}: {'none' if share is None else format(share, '.1%')}"
            for line, share in one["share_of_workers_below"].items()
        )
        yield (
            f"  {one['pay']} / {one['time']}: median {one['worker_hourly_median']}"
            f" {one['currency']}  {shares}  missing to 15: {one['shortfall']['15']}"
            f"  ({one['workers']} workers)"
        )
