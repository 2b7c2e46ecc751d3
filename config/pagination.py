"""Pages of the API: by cursor, so that rows that arrive meanwhile repeat and hide nothing."""

import re

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

ID = re.compile(r"[0-9]{1,19}")  # what a page's cursor says of the row where it ended


class CursorPages(CursorPagination):
    """Oldest first, 100 a page; the caller may ask for up to 1,000 with `page_size`."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return what the address's cursor says. Raises NotFound for one that no page has given."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not ID.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor
