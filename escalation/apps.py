from django.apps import AppConfig


class EscalationConfig(AppConfig):
    name = "escalation"

    def ready(self) -> None:
        from escalation import presenters, services
        from escalation.selectors import waking
        from incidents import hooks
        from notify import hooks as clock

        hooks.register_issue_changed(services.issue_changed)
        clock.register_due("escalation.cases", waking.cases_unwoken)
        clock.register_due("escalation.commissions", waking.commissions_unwoken)
        presenters.register()
