from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "payouts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let what follows an import of payments be known to every process, commands too."""
        from payouts.settlement import reconciling  # noqa: F401
