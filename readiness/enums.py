"""The words of reviews and lessons."""

from __future__ import annotations

from django.db import models


class Element(models.TextChoices):
    """The elements of the plan that a review may examine (IMP-5.2)."""

    IDENTIFICATION = "identification", "Identification and reporting"
    ESCALATION = "escalation", "Assessment and escalation"
    DECLARATION = "declaration", "Case conference and declaration"
    COMMAND = "command", "Command groups and their decisions"
    RHYTHM = "rhythm", "Battle rhythm and situation reports"
    EVIDENCE = "evidence", "Evidence, testing and risk assessment"
    ENFORCEMENT = "enforcement", "Measures and work with businesses"
    COMMUNICATIONS = "communications", "Messages to the public and the media"
    PARTNERS = "partners", "Partners, nations and other departments"
    EQUALITY = "equality", "People who were affected differently"
    PEOPLE = "people", "Staffing, succession and welfare"
    DE_ESCALATION = "de_escalation", "De-escalation and closure"


class LessonState(models.TextChoices):
    OPEN = "open", "Open"
    DONE = "done", "Done"
    NOT_TAKEN_UP = "not_taken_up", "Not taken up"
