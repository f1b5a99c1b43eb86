from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "notify"

    def ready(self) -> None:
        from datetime import timedelta

        from notify import hooks, presenters, selectors

        hooks.register_due("notify.inbox", selectors.notices_waiting)
        # A mail server that puts off what it does not know yet is given the time to change its mind.
        hooks.register_due("notify.email", selectors.emails_waiting, patience=timedelta(minutes=15))
        presenters.register()
