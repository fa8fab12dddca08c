"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.system import views

urlpatterns = [
    path("", views.home, name="system"),
]
