"""Every address of the application. A number in an address is a record's, never a person's."""

from django.urls import include, path

from tuodi.web.pages import desk, health, sign_in

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("login", sign_in.sign_in, name="sign-in"),
    path("logout", sign_in.sign_out, name="sign-out"),
    path("second-factor", sign_in.second_factor, name="second-factor"),
    path("password", sign_in.change_password, name="change-password"),
    path("", desk.desk, name="desk"),
    path("checks", desk.checks, name="desk-checks"),
    path("accounts", desk.accounts, name="accounts-waiting"),
    path("people/", include("tuodi.web.pages.people.urls")),
    path("settlements/", include("tuodi.web.pages.settlements.urls")),
    path("imports/", include("tuodi.web.pages.imports.urls")),
    path("comparison/", include("tuodi.web.pages.comparison.urls")),
    path("cases/", include("tuodi.web.pages.cases.urls")),
    path("trail/", include("tuodi.web.pages.trail.urls")),
    path("users/", include("tuodi.web.pages.users.urls")),
    path("delegations/", include("tuodi.web.pages.delegations.urls")),
    path("system/", include("tuodi.web.pages.system.urls")),
]

handler400 = "tuodi.web.pages.errors.bad_request"
handler403 = "tuodi.web.pages.errors.forbidden"
handler404 = "tuodi.web.pages.errors.not_found"
handler500 = "tuodi.web.pages.errors.failed"
