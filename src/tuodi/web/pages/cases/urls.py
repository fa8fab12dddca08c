"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.cases import views

urlpatterns = [
    path("", views.home, name="cases"),
]
