"""Addresses of the registry; numbers are of records."""

from django.urls import path

from tuodi.web.pages.people import accounts, changes, identities, looks, views

urlpatterns = [
    path("", views.home, name="people"),
    path("export", views.export, name="people-export"),
    path("households/<int:household>", views.household, name="household"),
    path("<int:person>", views.person, name="person"),
    path("<int:person>/history", views.history, name="person-history"),
    path("<int:person>/correct", changes.correct, name="person-correct"),
    path("<int:person>/household", changes.change_household, name="person-household"),
    path("<int:person>/death", changes.death, name="person-death"),
    path("<int:person>/death/withdraw", changes.withdraw_death, name="person-death-withdraw"),
    path("<int:person>/move-out", changes.move_out, name="person-move-out"),
    path("<int:person>/move-back", changes.move_back, name="person-move-back"),
    path("<int:person>/merge", changes.merge, name="person-merge"),
    path("<int:person>/unmerge", changes.unmerge, name="person-unmerge"),
    path("<int:person>/certno", looks.of_person, {"field": "certno"}, name="person-certno"),
    path("<int:person>/phone", looks.of_person, {"field": "phone"}, name="person-phone"),
    path("<int:person>/identities/new", identities.add, name="identity-new"),
    path("identities/<int:holding>/end", identities.correct, name="identity-correct"),
    path("identities/<int:holding>/follow-lists", identities.follow_lists, name="identity-follow-lists"),
    path("identities/<int:holding>/withdraw", identities.withdraw, name="identity-withdraw"),
    path("identities/<int:holding>/restore", identities.restore, name="identity-restore"),
    path("<int:person>/accounts/new", accounts.enter, name="account-new"),
    path("accounts/<int:account>/confirm", accounts.confirm, name="account-confirm"),
    path("accounts/<int:account>/end", accounts.end, name="account-end"),
    path("accounts/<int:account>/number", looks.of_account, name="account-number"),
]
