from django.apps import AppConfig


class ReadinessConfig(AppConfig):
    name = "readiness"

    def ready(self) -> None:
        from command import hooks
        from readiness import presenters, selectors, services

        hooks.incident_moved("close", services.review_opened)
        hooks.incident_moved("complete_review", services.review_completed)
        hooks.register_review_gaps(selectors.gaps_of)
        hooks.incident_tabs(selectors.review_tab)
        presenters.register()
