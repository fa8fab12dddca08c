"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.settlements import views, withheld

urlpatterns = [
    path("", views.home, name="settlements"),
    path("export", views.export, name="settlements-export"),
    path("withheld", withheld.home, name="settlements-withheld"),
    path("withheld/<int:withheld>/set-aside", withheld.set_aside, name="withheld-set-aside"),
    path("<int:pk>", views.receipt, name="settlement"),
    path("<int:pk>/receipt.docx", views.receipt_page, name="settlement-docx"),
    path("person/<int:person>/<int:year>", views.person_year, name="person-year"),
]
