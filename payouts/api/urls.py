"""Addresses of flags, settlement and statements, below /api/v1/."""

from django.urls import path

from payouts.api.flags import FlagAnswer, FlagDetail, FlagList
from payouts.api.settlement import SettlementList
from payouts.api.statements import StatementData, StatementList, StatementPDF

urlpatterns = [
    path("flags/", FlagList.as_view(), name="api-flags"),
    path("flags/<int:pk>/", FlagDetail.as_view(), name="api-flag"),
    path("flags/<int:pk>/answer/", FlagAnswer.as_view(), name="api-flag-answer"),
    path("settlement/", SettlementList.as_view(), name="api-settlement"),
    path("statements/", StatementList.as_view(), name="api-statements"),
    path("statements/<int:pk>/", StatementData.as_view(), name="api-statement"),
    path("statements/<int:pk>/pdf/", StatementPDF.as_view(), name="api-statement-pdf"),
]
