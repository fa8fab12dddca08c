"""The Django app of the office."""

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    """Names the app's tables ``office_…``."""

    name = "tuodi.office"
    label = "office"
    verbose_name = "经办"
    default_auto_field = "django.db.models.BigAutoField"
