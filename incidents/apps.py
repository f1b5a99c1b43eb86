from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    name = "incidents"

    def ready(self) -> None:
        from audit import references
        from incidents import selectors
        from notify import hooks

        hooks.register_may_see("ISS", selectors.issues_seen)
        hooks.register_may_see("INC", selectors.incidents_seen)
        hooks.register_may_quote("ISS", selectors.issues_official)
        hooks.register_may_quote("INC", selectors.incidents_official)
        references.register("ISS", selectors.issues_known)
        references.register("INC", selectors.incidents_known)
