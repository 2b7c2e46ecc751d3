"""Addresses of the pages of pay."""

from django.urls import path

from payouts.views import home, runs, settlement, statements, vendor, worker

urlpatterns = [
    path("", home.Home.as_view(), name="home"),
    path("pay/", worker.MyPay.as_view(), name="my-pay"),
    path("pay/<uuid:account>/", worker.MyPay.as_view(), name="my-account"),
    path("pay/<uuid:account>/weeks/<str:monday>/", worker.MyWeek.as_view(), name="my-week"),
    path("pay/work/<slug:state>/", worker.MyWork.as_view(), name="my-work"),
    path("pay/payments/<int:pk>/", worker.MyPayment.as_view(), name="my-payment"),
    path("pay/statements/", worker.MyStatements.as_view(), name="my-statements"),
    path("statements/<int:pk>/", statements.StatementPage.as_view(), name="statement"),
    path("v/<slug:slug>/", vendor.Overview.as_view(), name="overview"),
    path("v/<slug:slug>/flags/", vendor.Flags.as_view(), name="flags"),
    path("v/<slug:slug>/flags/scan/", vendor.ScanNow.as_view(), name="scan-now"),
    path(
        "v/<slug:slug>/statements/", statements.VendorStatements.as_view(), name="vendor-statements"
    ),
    path("v/<slug:slug>/statements/issue/", statements.Issue.as_view(), name="issue"),
    path("v/<slug:slug>/runs/", runs.Runs.as_view(), name="runs"),
    path("v/<slug:slug>/runs/draft/", runs.DraftRun.as_view(), name="draft-run"),
    path("v/<slug:slug>/runs/<int:number>/", runs.Run.as_view(), name="run"),
    path("v/<slug:slug>/runs/<int:number>/change/", runs.ChangeRun.as_view(), name="change-run"),
    path("v/<slug:slug>/runs/<int:number>/approve/", runs.ApproveRun.as_view(), name="approve-run"),
    path(
        "v/<slug:slug>/runs/<int:number>/files/<slug:form>/",
        runs.RunFile.as_view(),
        name="run-file",
    ),
    path("v/<slug:slug>/top-ups/", runs.TopUps.as_view(), name="top-ups"),
    path("v/<slug:slug>/top-ups/close/", runs.CloseGaps.as_view(), name="close-gaps"),
    path("v/<slug:slug>/settlement/", settlement.Settlement.as_view(), name="settlement"),
    path(
        "v/<slug:slug>/settlement/add/", settlement.BringSettlement.as_view(), name="settlement-add"
    ),
    path(
        "v/<slug:slug>/settlement/entries/",
        settlement.SettlementEntries.as_view(),
        name="settlement-entries",
    ),
    path(
        "v/<slug:slug>/settlement/<uuid:uuid>/",
        settlement.SettlementFilePage.as_view(),
        name="settlement-file",
    ),
    path("audit/", statements.Audit.as_view(), name="audit"),
]
