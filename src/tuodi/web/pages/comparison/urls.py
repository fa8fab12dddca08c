"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.comparison import enrolment, views

urlpatterns = [
    path("", views.home, name="comparison"),
    path("list", views.difference, name="comparison-list"),
    path("list/export", views.export, name="comparison-list-export"),
    path("platform-list", views.platform_list, name="comparison-platform-list"),
    path("screening", views.screen, name="comparison-screening"),
    path("enrolment", enrolment.ledger, name="enrolment-ledger"),
    path("enrolment/export", enrolment.export, name="enrolment-ledger-export"),
]
