from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "escalation"

    def ready(self) -> None:
        from escalation import presenters, services
        from incidents import hooks

        hooks.register_issue_changed(services.issue_changed)
        presenters.register()
