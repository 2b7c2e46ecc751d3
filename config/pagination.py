"""Pages of the API: by cursor, so that rows that arrive meanwhile repeat and hide nothing."""

import re

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

SIZE = re.compile(r"0*[1-9][0-9]*")
ID = re.compile(r"[0-9]{1,19}")  # what a page's cursor says of the row where it ended


class CursorPages(CursorPagination):
    """Oldest first, 100 a page; the caller may ask for up to 1,000 with `page_size`."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Request) -> int | None:
        """Return how many rows a page has. Raises ValidationError for what is no such number."""
        asked = request.query_params.get(self.page_size_query_param, "").strip()
        if asked and not SIZE.fullmatch(asked):
            rule = f"it is a whole number, 1 or more; a page has {self.max_page_size:,} at most"
            raise ValidationError(
                {self.page_size_query_param: [f'"{asked}" is no page size: {rule}.']}
            )
        return super().get_page_size(request)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return what the address's cursor says. Raises NotFound for one that no page has given."""
        cursor = super().decode_cursor(request)
        if cursor and cursor.position is not None and not ID.fullmatch(str(cursor.position)):
            raise NotFound(self.invalid_cursor_message)
        return cursor
