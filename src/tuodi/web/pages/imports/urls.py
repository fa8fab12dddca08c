"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.imports import changes, upload, views

urlpatterns = [
    path("", views.home, name="imports"),
    path("new", upload.new, name="import-new"),
    path("<int:batch>", views.one, name="import"),
    path("<int:batch>/progress", views.progress, name="import-progress"),
    path("<int:batch>/errors", changes.errors, name="import-errors"),
    path("<int:batch>/changes", changes.export, name="import-changes"),
    path("<int:batch>/read-again", changes.read_again, name="import-read-again"),
    path("<int:batch>/confirm", changes.confirm, name="import-confirm"),
    path("<int:batch>/discard", changes.discard, name="import-discard"),
    path("<int:batch>/undo", changes.undo, name="import-undo"),
]
