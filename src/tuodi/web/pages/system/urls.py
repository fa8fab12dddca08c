"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.system import towns, views, year

urlpatterns = [
    path("", views.home, name="system"),
    path("backup", views.back_up, name="system-backup"),
    path("drill", views.practise, name="system-drill"),
    path("jobs", views.job_list, name="system-jobs"),
    path("jobs/<int:job>/retry", views.retry, name="system-job-retry"),
    path("towns", towns.towns, name="system-towns"),
    path("new-year", year.checklist, name="new-year"),
    path("new-year/ending", year.ending, name="new-year-ending"),
]
