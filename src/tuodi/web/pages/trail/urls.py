"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.trail import proof, views

urlpatterns = [
    path("", views.home, name="trail"),
    path("export", views.export, name="trail-export"),
    path("<int:number>", views.one, name="trail-entry"),
    path("verification", proof.verification, name="trail-verification"),
    path("anchors", proof.anchor_list, name="trail-anchors"),
    path("anchors/<int:number>", proof.anchor_sheet, name="trail-anchor-sheet"),
]
