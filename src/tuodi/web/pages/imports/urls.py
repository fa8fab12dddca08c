"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.imports import views

urlpatterns = [
    path("", views.home, name="imports"),
]
