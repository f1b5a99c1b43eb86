from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "notify"

    def ready(self) -> None:
        from datetime import timedelta

        from notify import hooks, presenters, selectors

        hooks.register_due("notify.inbox", selectors.notices_waiting)
        # A mail server that puts off what it does not know yet is given the time to change its mind.
        hooks.register_due("notify.email", selectors.emails_waiting, patience=timedelta(minutes=15))
        # They have failed for some minutes when they are counted.
        hooks.register_due("notify.put_off", selectors.rows_put_off, patience=timedelta(0))
        presenters.register()
