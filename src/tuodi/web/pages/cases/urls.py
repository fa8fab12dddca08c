"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.cases import decisions, views

urlpatterns = [
    path("", views.home, name="cases"),
    path("all", views.all_cases, name="cases-all"),
    path("export", views.export, name="cases-export"),
    path("batch", decisions.batch, name="cases-batch"),
    path("duties", views.duties, name="cases-duties"),
    path("<int:pk>", views.one, name="case"),
    path("<int:pk>/decide", decisions.decide, name="case-decide"),
]
