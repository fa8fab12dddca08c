"""The web application (Django project): pages by role, settings, static files, the commands of an installation."""
