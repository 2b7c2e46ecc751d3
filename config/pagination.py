"""Pages of the API: by cursor, so that rows that arrive meanwhile repeat and hide nothing."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Oldest first, 100 a page; the caller may ask for up to 1,000 with `page_size`."""

    ordering = "id"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
