"""Pay on its way, what is wrong with it, and its paper."""

from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
