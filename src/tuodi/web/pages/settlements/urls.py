"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.settlements import views

urlpatterns = [
    path("", views.home, name="settlements"),
]
