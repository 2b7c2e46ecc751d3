"""Whether what was promised has been met: a condition and counts in, an answer out. Pure."""

from typing import NamedTuple

MET, NOT_MET, OPEN, UNCLEAR = "met", "not met", "open", "unclear"


class Pieces(NamedTuple):
    """One account's pieces within a promise's days, by what was decided of them."""

    approved: int = 0
    undecided: int = 0
    refused: int = 0

    @property
    def submitted(self) -> int:
        """All that was handed in, however it was decided."""
        return self.approved + self.undecided + self.refused


def standing(*, counting: str, pieces_at_least: int | None, pieces: Pieces) -> str:
    """Return whether a condition is met: MET, NOT_MET, or OPEN while undecided work decides it.

    counting: "approved" or "submitted". UNCLEAR where the words of the promise give no number.

    >>> standing(counting="approved", pieces_at_least=3, pieces=Pieces(approved=2, undecided=1))
    'open'
    """
    if pieces_at_least is None:
        return UNCLEAR
    if counting == "submitted":
        return MET if pieces.submitted >= pieces_at_least else NOT_MET
    if pieces.approved >= pieces_at_least:
        return MET
    return OPEN if pieces.approved + pieces.undecided >= pieces_at_least else NOT_MET
