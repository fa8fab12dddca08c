"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.settlements import contradictions, views, withheld

urlpatterns = [
    path("", views.home, name="settlements"),
    path("export", views.export, name="settlements-export"),
    path("withheld", withheld.home, name="settlements-withheld"),
    path("withheld/<int:withheld>/set-aside", withheld.set_aside, name="withheld-set-aside"),
    path("contradictions/<int:contradiction>", contradictions.one, name="contradiction"),
    path("contradictions/<int:contradiction>/keep", contradictions.keep, name="contradiction-keep"),
    path("contradictions/<int:contradiction>/propose", contradictions.propose, name="contradiction-propose"),
    path("proposals", contradictions.waiting, name="proposals-waiting"),
    path("proposals/<int:proposal>/confirm", contradictions.confirm, name="proposal-confirm"),
    path("proposals/<int:proposal>/reject", contradictions.reject, name="proposal-reject"),
    path("proposals/<int:proposal>/withdraw", contradictions.withdraw, name="proposal-withdraw"),
    path("<int:pk>", views.receipt, name="settlement"),
    path("<int:pk>/receipt.docx", views.receipt_page, name="settlement-docx"),
    path("person/<int:person>/<int:year>", views.person_year, name="person-year"),
]
