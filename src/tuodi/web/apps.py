"""The Django app of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Brings templates, static files and commands; it has no tables."""

    name = "tuodi.web"
    label = "web"
    verbose_name = "页面"
