"""Every address of the application. A number in an address is a record's, never a person's."""

from django.urls import include, path

from tuodi.web.pages import desk, health, sign_in

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("login", sign_in.sign_in, name="sign-in"),
    path("logout", sign_in.sign_out, name="sign-out"),
    path("", desk.desk, name="desk"),
    path("people/", include("tuodi.web.pages.people.urls")),
    path("settlements/", include("tuodi.web.pages.settlements.urls")),
    path("imports/", include("tuodi.web.pages.imports.urls")),
    path("comparison/", include("tuodi.web.pages.comparison.urls")),
    path("cases/", include("tuodi.web.pages.cases.urls")),
    path("trail/", include("tuodi.web.pages.trail.urls")),
    path("users/", include("tuodi.web.pages.users.urls")),
    path("system/", include("tuodi.web.pages.system.urls")),
]
