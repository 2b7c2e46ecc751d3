"""Planted payments that came back and were not sent again (W07), fees that a bank told of (W19).

W07 (docs/checks.md): a payment failed or returned, and none followed within three banking days; the
stake is its amount. What a bank keeps on the way back is the vendor's loss. Where it was due by now
it is late pay (W01) too. W19: fees at the worker's cost, whoever tells of them.
"""

from typing import Any

from ledger.sample.days import AS_OF_S, DAY, HOUR, at_s, moment
from ledger.sample.desk import Desk, Page, Scene
from ledger.sample.work import MICROS, Told, Work

DUE_LATER_S = AS_OF_S + 40 * DAY


def scenes() -> list[Scene]:
    """Return all scenes."""
    return [_due_and_back, _back, _back_twice, _sent_again, _not_yet, _fees, _no_fees]


def _noon(day: str) -> int:
    return at_s(f"{day}T12:00:00+03:00")


def _one(desk: Desk, week: int, dollars: float, **fields: Any) -> tuple[Page, Work]:
    """Let somebody who does nothing else do one work that is paid by itself, and due later."""
    page = desk.page(newcomer=True)
    given = {"due_s": DUE_LATER_S, "paid_in_run": False, **fields}
    return page, page.work(moment(week, 1, 9), 15, dollars, **given)


def _due_and_back(desk: Desk) -> None:
    page, work = _one(desk, -8, 40, due_s=moment(-5, 0, 0))
    sent = moment(-6, 4, 9)
    page.paid(work, sent=sent, bank=Told("returned", sent + 4 * DAY, "AC04"))
    why = "returned on 29 September, as the account was closed, and never sent again"
    desk.found("W07", page, [work], 40 * MICROS, why, overlap=True)
    desk.found("W01", page, [work], 40 * MICROS, "it was due by now as well", overlap=True)


def _back(desk: Desk) -> None:
    page, work = _one(desk, -7, 25)
    page.paid(work, sent=_noon("2026-10-02"), bank=Told("rejected", _noon("2026-10-05"), "AC01"))
    desk.found("W07", page, [work], 25 * MICROS, "rejected: it never left, and nothing followed")
    page, work = _one(desk, -6, 30)
    sent = _noon("2026-10-05")
    page.paid(work, sent=sent, arrived_s=sent + DAY, bank=Told("returned", _noon("2026-10-13")))
    why = "the remittance says that it arrived; a week later it came back"
    desk.found("W07", page, [work], 30 * MICROS, why)
    page, work = _one(desk, -5, 36)
    told = Told("returned", _noon("2026-10-14"), "AC06", amount_micros=33_500_000)
    page.paid(work, sent=_noon("2026-10-12"), bank=told)
    why = "33.50 of 36.00 came back; what the bank kept is owed as well"
    desk.found("W07", page, [work], 36 * MICROS, why)
    page, work = _one(desk, -5, 22)
    page.paid(work, sent=_noon("2026-10-23"), bank=Told("returned", _noon("2026-10-27")))
    why = "returned on a Tuesday; the third banking day was Friday, and nothing followed"
    desk.found("W07", page, [work], 22 * MICROS, why)


def _back_twice(desk: Desk) -> None:
    page, work = _one(desk, -6, 18)
    page.paid(work, sent=_noon("2026-10-05"), bank=Told("returned", _noon("2026-10-07"), "AC04"))
    page.paid(work, sent=_noon("2026-10-08"), bank=Told("returned", _noon("2026-10-12"), "AC04"))
    desk.found("W07", page, [work], 18 * MICROS, "sent again, returned again, and left at that")


def _sent_again(desk: Desk) -> None:
    for dollars, back, again, reason in (
        (20, "2026-10-06", "2026-10-07", "sent again on the next day, and it arrived"),
        (21, "2026-10-08", "2026-10-13", "returned on a Thursday, sent again on Tuesday"),
        (23, "2026-10-07", "2026-10-19", "sent again much too late, but it arrived"),
    ):
        page, work = _one(desk, -6, dollars)
        page.paid(work, sent=_noon("2026-10-02"), bank=Told("returned", _noon(back), "AC04"))
        sent = _noon(again)
        page.paid(work, sent=sent, arrived_s=sent + DAY, bank=Told("booked", sent + DAY))
        desk.left("W07", page, [work], reason)


def _not_yet(desk: Desk) -> None:
    page, work = _one(desk, -5, 24)
    page.paid(work, sent=_noon("2026-10-26"), bank=Told("returned", _noon("2026-10-28"), "AC04"))
    desk.left("W07", page, [work], "returned on Wednesday: the third banking day is today")
    page, work = _one(desk, -5, 26)
    page.paid(work, sent=_noon("2026-10-27"))
    desk.left("W07", page, [work], "on its way for six days: payments take three to seven")
    page, work = _one(desk, -4, 28)
    page.paid(work, sent=_noon("2026-10-23"), bank=Told("pending", _noon("2026-10-26")))
    desk.left("W07", page, [work], "the bank has not booked it yet, and has not rejected it")


def _fees(desk: Desk) -> None:
    """What is found of fees is drawn up from all payments (files.Files.taken)."""
    for week, dollars, fee, remitted in ((-8, 50, 1.5, 0), (-7, 32, 2.25, 0), (-6, 44, 1, 0.5)):
        page, work = _one(desk, week, dollars, due_s=moment(week + 3, 0, 0))
        sent = moment(week + 2, 4, 9)
        told = Told("booked", sent + DAY, fee_micros=round(fee * MICROS))
        page.paid(
            work, sent=sent, arrived_s=sent + DAY, fee_micros=round(remitted * MICROS), bank=told
        )


def _no_fees(desk: Desk) -> None:
    page, work = _one(desk, -7, 35, due_s=moment(-4, 0, 0))
    sent = moment(-5, 4, 9)
    page.paid(work, sent=sent, arrived_s=sent + DAY, bank=Told("booked", sent + 2 * HOUR))
    desk.left("W19", page, [work], "all of it arrived: whoever bore the fee was not the worker")
    page, work = _one(desk, -6, 27)
    told = Told("returned", _noon("2026-10-07"), amount_micros=24_000_000)
    page.paid(work, sent=_noon("2026-10-05"), bank=told)
    sent = _noon("2026-10-08")
    page.paid(work, sent=sent, arrived_s=sent + DAY)
    desk.left("W19", page, [work], "3.00 were kept on the way back, and all of it was sent again")
    page, work = _one(desk, -5, 33)
    page.paid(work, sent=_noon("2026-10-28"))
    desk.left("W19", page, [work], "on its way: nothing is known to be lost")
