from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "command"

    def ready(self) -> None:
        from command import presenters
        from command.enums import SectionKey
        from command.hooks import sitrep_sections
        from command.selectors import drafting, due
        from notify import hooks as clock

        for key, draft in {
            SectionKey.HEADLINE: drafting.headline,
            SectionKey.SITUATION: drafting.situation,
            SectionKey.HARM: drafting.harm,
            SectionKey.PRODUCT: drafting.product,
            SectionKey.RISK: drafting.risk,
            SectionKey.DONE_AND_NEXT: drafting.done_and_next,
            SectionKey.MEASURES: drafting.measures,
            SectionKey.MEDIA_AND_LINES: drafting.media_and_lines,
            SectionKey.MINISTERS: drafting.ministers,
            SectionKey.PARTNERS_AND_NATIONS: drafting.partners_and_nations,
            SectionKey.RESOURCES: drafting.resources,
            SectionKey.EQUALITY: drafting.equality,
            SectionKey.NEXT_REPORT: drafting.next_report,
        }.items():
            sitrep_sections(key, draft)
        clock.register_due("command.reminders", due.reminders_due)
        clock.register_due("command.occurrences", due.occurrences_due)
        presenters.register()
