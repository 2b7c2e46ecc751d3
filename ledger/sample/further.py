"""All scenes of further kinds of withheld pay, drawn up one after the other at one desk."""

from ledger.sample import (
    abroad,
    agreed_rates,
    came_back,
    cut_time,
    delivered,
    exits,
    instructions,
    long_hours,
    lost_money,
    promised,
    refusals,
    regions,
    taken_back,
    unpaid_time,
)
from ledger.sample.desk import Desk

PARTS = (
    refusals,
    taken_back,
    lost_money,
    agreed_rates,
    cut_time,
    unpaid_time,
    long_hours,
    regions,
    delivered,
    came_back,
    exits,
    promised,
    instructions,
    abroad,
)


def drawn_up(first: int) -> Desk:
    """Return the desk with everything planted. first: the number of its first worker."""
    desk = Desk(first)
    for part in PARTS:
        for scene in part.scenes():
            scene(desk)
    return desk
