"""Planted accounts and projects that were ended with money open: W09, W10, and what looks like it.

W09 (docs/checks.md): an account is closed, something is owed or undecided, and no final settlement
came within 14 days. W10: a project is closed, and what was handed in or begun before is unpaid; the
stake is the price, of what was under way its time at the floor. Whoever is deactivated works no
more, so these workers do nothing else.
"""

from typing import Any

from ledger.sample.days import AS_OF_S, DAY, HOUR, MINUTE, at_s, moment, utc, week_of
from ledger.sample.desk import Desk, Page, Scene, time_micros
from ledger.sample.work import MICROS, SOURCE, Work

SETTLED_WITHIN_S = 14 * DAY
DUE_LATER_S = AS_OF_S + 40 * DAY
DECIDED_LATER_S = AS_OF_S + 10 * DAY
CLOSED_S = at_s("2026-10-08T11:00:00+03:00")
COUNTRY = "KE"


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [
        _owed_at_the_exit,
        _a_country_left,
        _nothing_kept_back,
        _settled_or_in_time,
        _closed_with_work_open,
        _closed_and_settled,
        _not_closed,
    ]


def _page(desk: Desk) -> Page:
    return desk.page(country=COUNTRY, newcomer=True)


def _open(page: Page, start: int, dollars: float, **fields: Any) -> Work:
    """Add work that is approved, and due so late that it is no late pay besides."""
    return page.work(start, 5, dollars, due_s=DUE_LATER_S, **fields)


def _undecided(page: Page, start: int, dollars: float, **fields: Any) -> Work:
    """Add work that may still be decided in time, in a week that is well paid without it."""
    page.well_paid(moment(week_of(start), 4, 9 + len(page.works)))
    given = {"status": "submitted", "decide_by_s": DECIDED_LATER_S, **fields}
    return page.work(start, 5, dollars, **given)


def _deactivate(desk: Desk, page: Page, at: int, code: str, text: str, lifted: str = "") -> None:
    """Write down that an account was deactivated. lifted: when that was taken back, if it was."""
    desk.deactivations.append(
        {
            "account": page.account,
            "source": SOURCE,
            "code": code,
            "text": text,
            "decided_by": "operations",
            "from_at": utc(at),
            "lifted_at": lifted,
        }
    )


def _owed_at_the_exit(desk: Desk) -> None:
    ended, text = moment(-5, 2, 12), "no more work of this kind"
    page = _page(desk)
    page.well_paid(moment(-7, 4, 9))
    works = [_open(page, moment(-6, 1, 9), 12)]
    _deactivate(desk, page, ended, "no_more_work", text)
    desk.found("W09", page, works, 12 * MICROS, "12.00 were owed when the account was closed")
    page = _page(desk)
    works = [_undecided(page, moment(-6, 1 + n, 9), 7) for n in range(2)]
    _deactivate(desk, page, ended, "inactive", "did nothing for a week")
    desk.found("W09", page, works, 14 * MICROS, "two works were undecided, and stayed so")
    page = _page(desk)
    works = [_open(page, moment(-4, 1, 9), 2.4)]
    _deactivate(desk, page, moment(-4, 4, 12), "quality", "below the target of the project")
    desk.found("W09", page, works, 2_400_000, "2.40, below the threshold, were never paid out")
    page = _page(desk)
    works = [_open(page, moment(-5, 1, 9), 8), _undecided(page, moment(-5, 2, 9), 5)]
    _deactivate(desk, page, AS_OF_S - SETTLED_WITHIN_S - HOUR, "no_more_work", text)
    why = "one owed, one undecided; the 14 days ended an hour ago"
    desk.found("W09", page, works, 13 * MICROS, why)
    page = _page(desk)
    works = [page.work(moment(-7, 1, 9), 10, 11, paid_in_run=False)]
    _deactivate(desk, page, moment(-6, 4, 12), "no_more_work", text)
    why = "owed when the account was closed, and due by now"
    for code in ("W01", "W09"):
        desk.found(code, page, works, 11 * MICROS, why, overlap=True)


def _a_country_left(desk: Desk) -> None:
    """The vendor leaves a country: all accounts end at one instant, with what is owed to them."""
    for dollars in (9, 16):
        page = _page(desk)
        works = [_open(page, moment(-6, 3, 9), dollars)]
        _deactivate(desk, page, moment(-5, 0, 0), "country_exit", "the vendor leaves the country")
        why = "owed when the vendor left the country"
        desk.found("W09", page, works, dollars * MICROS, why)


def _nothing_kept_back(desk: Desk) -> None:
    page = _page(desk)
    work = page.well_paid(moment(-8, 1, 9))
    _deactivate(desk, page, moment(-5, 2, 12), "no_more_work", "no more work of this kind")
    desk.left("W09", page, [work], "nothing was owed when the account was closed")
    page = _page(desk)
    refused = [
        page.work(
            moment(-6, 1, 9 + n), 5, 6, status="rejected",
            reason=f"copied from attempt {n}, seen by reviewer 9; appeal until 20 October",
        )
        for n in (3, 4)
    ]  # fmt: skip
    page.well_paid(moment(-6, 2, 9))
    _deactivate(desk, page, moment(-5, 2, 12), "fraud", "copied answers; each is listed with why")
    reason = "fraud, refused item by item with reasons and evidence; the rest was paid"
    desk.left("W09", page, refused, reason)


def _settled_or_in_time(desk: Desk) -> None:
    page, ended = _page(desk), moment(-5, 2, 12)
    work = _open(page, moment(-6, 1, 9), 12, paid_in_run=False)
    page.paid(work, sent=ended + 9 * DAY, arrived_s=ended + 10 * DAY)
    _deactivate(desk, page, ended, "no_more_work", "no more work of this kind")
    desk.left("W09", page, [work], "all of it arrived ten days after the account was closed")
    for at, reason in (
        (AS_OF_S - SETTLED_WITHIN_S, "the 14 days end just now"),
        (AS_OF_S - 5 * DAY, "closed five days ago"),
    ):
        page = _page(desk)
        work = _open(page, moment(-5, 1, 9), 12)
        _deactivate(desk, page, at, "no_more_work", "no more work of this kind")
        desk.left("W09", page, [work], reason)
    page = _page(desk)
    work = _open(page, moment(-5, 1, 9), 12)
    lifted = utc(moment(-4, 1, 12))
    _deactivate(desk, page, moment(-5, 4, 12), "inactive", "did nothing for a week", lifted)
    desk.left("W09", page, [work], "the account was opened again after some days")


def close(desk: Desk, project: str, at: int = CLOSED_S) -> None:
    """Write down that a project was closed."""
    desk.closings.append(
        {
            "project": project,
            "text": "the client ended it",
            "decided_by": "operations",
            "from_at": utc(at),
        }
    )


def _closed_with_work_open(desk: Desk) -> None:
    close(desk, "closed-atlas")
    page = _page(desk)
    works = [_undecided(page, moment(-5, 1, 9), 9, project="closed-atlas")]
    desk.found("W10", page, works, 9 * MICROS, "handed in before the project was closed, undecided")
    page = _page(desk)
    works = [_open(page, moment(-5, 2, 9 + n), 6, project="closed-atlas") for n in range(2)]
    desk.found("W10", page, works, 12 * MICROS, "approved before the project was closed, unpaid")
    for minutes in (40, 20):
        page = _page(desk)
        page.well_paid(moment(-4, 2, 9))
        work = page.work(
            CLOSED_S - minutes * MINUTE, minutes, 0, project="closed-atlas", status="expired",
            decided=CLOSED_S, rate_micros=9 * MICROS, active_s=minutes * MINUTE,
        )  # fmt: skip
        stake = time_micros(minutes * MINUTE)
        why = f"under way for {minutes} minutes when the project was closed under it"
        desk.found("W10", page, [work], stake, why, overlap=True)
        desk.found("W15", page, [work], stake, "it ran out, without pay", overlap=True)
    close(desk, "closed-birds", AS_OF_S - SETTLED_WITHIN_S - HOUR)
    page = _page(desk)
    works = [_undecided(page, moment(-3, 0, 8), 7, project="closed-birds")]
    works += [_open(page, moment(-4, 2, 8), 8, project="closed-birds")]
    why = "one owed, one undecided, and the project closed 14 days and an hour ago"
    desk.found("W10", page, works, 15 * MICROS, why)


def _closed_and_settled(desk: Desk) -> None:
    page = _page(desk)
    work = page.work(moment(-7, 1, 9), 10, 9, project="closed-atlas")
    desk.left("W10", page, [work], "the project was closed, and this was paid")
    page = _page(desk)
    page.well_paid(moment(-5, 3, 9))
    work = page.work(
        moment(-5, 1, 9), 10, 9, project="closed-atlas", status="rejected",
        reason="milestone 2 was not reached, as the offer said before the claim",
    )  # fmt: skip
    desk.left("W10", page, [work], "its milestone was not reached, as was said before the claim")
    page = _page(desk)
    page.well_paid(moment(-4, 4, 9))
    start = moment(-4, 2, 9)
    work = page.work(
        start, 4, 0, project="closed-atlas", status="returned", decided=start + 4 * MINUTE
    )
    desk.left("W10", page, [work], "given back on the day before the project was closed")


def _not_closed(desk: Desk) -> None:
    close(desk, "closed-clouds", AS_OF_S - 5 * DAY)
    page = _page(desk)
    work = _open(page, moment(-2, 1, 9), 9, project="closed-clouds")
    desk.left("W10", page, [work], "closed five days ago: the time to settle is not over")
    page = _page(desk)
    work = _undecided(page, moment(-5, 1, 9), 9, project="still-open")
    desk.left("W10", page, [work], "undecided and unpaid, but its project goes on")
    page = _page(desk)
    work = _open(page, moment(-5, 1, 9), 9, project="closed-atlas", paid_in_run=False)
    sent = CLOSED_S + 6 * DAY
    page.paid(work, sent=sent, arrived_s=sent + DAY)
    desk.left("W10", page, [work], "paid six days after the project was closed")
