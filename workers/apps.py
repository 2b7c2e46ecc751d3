"""People, and the organisations that pay them."""

from django.apps import AppConfig


class WorkersConfig(AppConfig):
    name = "workers"
