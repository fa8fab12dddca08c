"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.people import views

urlpatterns = [
    path("", views.home, name="people"),
]
