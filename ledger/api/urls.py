"""Addresses of the ledger's endpoints, below /api/v1/."""

from django.urls import path

from ledger.api.facts import TransferDetail, TransferList, WorkDetail, WorkList
from ledger.api.imports import ImportDetail, ImportList, ImportRejects
from ledger.api.weeks import WeekList

urlpatterns = [
    path("imports/", ImportList.as_view(), name="api-imports"),
    path("imports/<uuid:uuid>/", ImportDetail.as_view(), name="api-import"),
    path("imports/<uuid:uuid>/rejects/", ImportRejects.as_view(), name="api-import-rejects"),
    path("work/", WorkList.as_view(), name="api-work"),
    path("work/<int:pk>/", WorkDetail.as_view(), name="api-work-one"),
    path("transfers/", TransferList.as_view(), name="api-transfers"),
    path("transfers/<int:pk>/", TransferDetail.as_view(), name="api-transfer"),
    path("weeks/", WeekList.as_view(), name="api-weeks"),
]
