"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.users import views

urlpatterns = [
    path("", views.home, name="users"),
]
