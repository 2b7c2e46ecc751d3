"""A written reason, as one closes a flag or a question: how short it must not be.

What an auditor decides, and what a vendor explains, stands on the record for all sides to read.
"""

from django.utils.translation import gettext as _

from payouts.disputes.asking import words_of
from workers.refusal import Refusal

LEAST_LETTERS = 15  # letters or digits of a reason: "It was a mistake." has 13


class NoReason(Refusal):
    """These words are no reason; the message says why, and how to mend it."""


def reason_of(words: str) -> str:
    """Return a reason as it is kept. Raises NoReason where it is too short to be one."""
    text = words_of(words)
    letters = sum(character.isalnum() for character in text)
    if letters < LEAST_LETTERS:
        raise NoReason(
            _(
                "These words have %(letters)d letters or digits; a reason has at least %(least)d. "
                "Say what happened, and where that can be seen."
            )
            % {"letters": letters, "least": LEAST_LETTERS},
            about="words",
        )
    return text
