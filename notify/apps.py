from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "notify"

    def ready(self) -> None:
        from notify import hooks, selectors

        hooks.register_due("notify.inbox", selectors.notices_waiting)
