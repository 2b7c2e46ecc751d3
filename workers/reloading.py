"""Pages that load themselves again while something goes on behind them."""

from typing import Any

from django.http import HttpResponse

REFRESH_S = 3


class Reloading:
    """A page of which the context tells whether something still goes on. No script is needed."""

    def goes_on(self, context: dict[str, Any]) -> bool:
        """Tell whether what the page shows is still to change by itself."""
        raise NotImplementedError

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Return the page; while something goes on, the browser is told to load it again."""
        response: HttpResponse = super().render_to_response(context, **kwargs)  # type: ignore[misc]
        if self.goes_on(context):
            response.headers["Refresh"] = str(REFRESH_S)
        return response
