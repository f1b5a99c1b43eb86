from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit import presenters
        from audit.events import AuditKind

        presenters.register(AuditKind.OPENED, lambda event: f"The record of {event.facts['chain']} was opened")
        presenters.register(AuditKind.SEALED, lambda event: f"{event.facts['heads']} records were sealed")
