"""Addresses of the pages of imports."""

from django.urls import path

from ledger import views

urlpatterns = [
    path("v/<slug:slug>/imports/", views.Imports.as_view(), name="imports"),
    path("v/<slug:slug>/imports/<uuid:uuid>/", views.OneImport.as_view(), name="import"),
    path("v/<slug:slug>/imports/<uuid:uuid>/undo/", views.UndoImport.as_view(), name="undo"),
]
