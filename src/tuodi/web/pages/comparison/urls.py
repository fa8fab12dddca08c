"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.comparison import views

urlpatterns = [
    path("", views.home, name="comparison"),
]
