"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.trail import views

urlpatterns = [
    path("", views.home, name="trail"),
]
