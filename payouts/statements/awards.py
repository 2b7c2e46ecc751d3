"""What was awarded here, in words: the ids and reasons of such awards are made for machines.

disputes/answering.py and flag_life/paying.py write them. Data files and the API have them as they
are.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from payouts.statements.safe import ID_CAP, clean
from payouts.statements.words import day

UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DAY = r"([0-9-]{10})"
OF_QUESTION = re.compile(rf"question {UUID}(?: {UUID})?")
OF_FLAG = re.compile(rf"flag [0-9]+(?: {DAY} {UUID}|: W[0-9]+, week of {DAY})")


def said(text: str) -> str:
    """Return in words what an award with this id, or for this reason, is for; "" for other texts.

    >>> said("flag 125: W24, week of 2026-09-28"), said("3XQ4")
    ('Awarded for a flag on the week from 28 Sep 2026', '')
    """
    if OF_QUESTION.fullmatch(text):
        return _("Awarded by an answer to a question")
    match = OF_FLAG.fullmatch(text)
    try:
        monday = date.fromisoformat(match[1] or match[2]) if match else None
    except ValueError:  # no day: somebody else's text
        return ""
    if monday is None:
        return ""
    return _("Awarded for a flag on the week from %(day)s") % {"day": day(monday)}


def shown_id(external_id: str) -> str:
    """Return the id that stands below a line about work: none below an award of here."""
    return "" if said(external_id) else clean(external_id, ID_CAP)
