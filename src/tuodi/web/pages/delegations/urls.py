"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.delegations import views

urlpatterns = [
    path("", views.home, name="delegations"),
    path("<int:pk>/revoke", views.revoke, name="delegation-revoke"),
]
