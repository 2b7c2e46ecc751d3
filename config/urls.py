"""All addresses. Each app names its own in its urls.py."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

from workers.api import NoSuchEndpoint

api: list[URLPattern | URLResolver] = [
    path("", include("ledger.api.urls")),
    path("", include("payouts.api.urls")),
    path(
        "schema/",
        SpectacularJSONAPIView.as_view(permission_classes=[AllowAny]),
        name="api-schema",
    ),
    path("<path:rest>", NoSuchEndpoint.as_view(), name="api-nothing"),
]

urlpatterns = [
    # One door to sign in, with its patience: the admin's own has none.
    path("admin/login/", RedirectView.as_view(pattern_name="login", query_string=True)),
    path("admin/", admin.site.urls),
    path("api/v1/", include(api)),
    path("", include("workers.urls")),
    path("", include("ledger.urls")),
    path("", include("payouts.urls")),
]
