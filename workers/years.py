"""The years that a day or a moment can be of, in a file, on a page and in a command.

Work that is paid by the piece online is not older, and nothing is agreed that far ahead. Beyond
them, a day with its zone or its week could fall out of the calendar.
"""

FIRST_YEAR, LAST_YEAR = 1990, 2100
