"""Addresses of this part."""

from django.urls import path

from tuodi.web.pages.users import changes, views

urlpatterns = [
    path("", views.home, name="users"),
    path("export", views.export, name="users-export"),
    path("new", changes.new, name="user-new"),
    path("<int:pk>", views.one, name="user"),
    path("<int:pk>/switch", changes.switch, name="user-switch"),
    path("<int:pk>/password", changes.new_password, name="user-password"),
    path("<int:pk>/second-factor", changes.new_second_factor, name="user-second-factor"),
    path("<int:pk>/unlock", changes.unlock, name="user-unlock"),
    path("<int:pk>/roles", changes.assign, name="user-roles"),
    path("roles/<int:assignment_id>/end", changes.end_role, name="user-role-end"),
]
