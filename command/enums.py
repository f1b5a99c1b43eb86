"""The words of command: groups, the battle rhythm and situation reports."""

from django.db.models import TextChoices


class GroupKind(TextChoices):
    """What may be stood up, one by one, as an incident needs it (IMP-3.3 to 3.16)."""

    SCG = "scg", "Strategic Coordination Group"
    TCG = "tcg", "Tactical Coordination Group"
    EVIDENCE_GROUP = "evidence_group", "Evidence Group"
    COMMUNICATIONS = "communications", "Incident Communications Group"
    BIRD_TABLE = "bird_table", "Bird table"
    POLICY_OWNER_LIAISON = "policy_owner_liaison", "Policy Owner Liaison Group"
    CROSS_GOVERNMENT_CELL = "cross_government_cell", "Cross-Government Incident Coordination Cell"
    RCC = "rcc", "Regulatory Coordination Cell"
    EXPERT_PANEL = "expert_panel", "Incident Expert Panel"
    ADVISORY_BOARD = "advisory_board", "OPSS Advisory Board"
    BUSINESS_MONITORING = "business_monitoring", "Monitoring meetings with businesses"
    WORKING_GROUP = "working_group", "Working group"
    MONITORING_GROUP = "monitoring_group", "Monitoring group"


COORDINATION_GROUPS = (GroupKind.SCG, GroupKind.TCG)


class GroupLevel(TextChoices):
    STRATEGIC = "strategic", "Strategic"
    TACTICAL = "tactical", "Tactical"
    OPERATIONAL = "operational", "Operational"


class GroupStatus(TextChoices):
    STANDING = "standing", "Standing"
    STOOD_DOWN = "stood_down", "Stood down"


class MemberRole(TextChoices):
    MEMBER = "member", "Member"
    SECRETARY = "secretary", "Secretary"
    ADVISER = "adviser", "Adviser"


class Party(TextChoices):
    """The two who agree to de-escalate, each once and by different people (IMP-3.26)."""

    IMT = "imt", "The Incident Management Team"
    TCG_CHAIR = "tcg_chair", "The chair of the TCG"


class RhythmKind(TextChoices):
    """What happens regularly while an incident runs (IMP-3.21)."""

    SCG = "scg", "SCG"
    TCG = "tcg", "TCG"
    BIRD_TABLE = "bird_table", "Bird table"
    SITREP = "sitrep", "Situation report due"
    MEETING = "meeting", "Another meeting"
    DEADLINE = "deadline", "Another deadline"


# What people meet at; reports and deadlines take nobody's hour.
MEETING_KINDS = (RhythmKind.SCG, RhythmKind.TCG, RhythmKind.BIRD_TABLE, RhythmKind.MEETING)


class RhythmStatus(TextChoices):
    PROVISIONAL = "provisional", "Provisional"
    AGREED = "agreed", "Agreed by the SCG"


class OnBankHolidays(TextChoices):
    """What becomes of an occurrence that falls on a bank holiday. An incident does not stop, so most are held."""

    HELD = "held", "Held all the same"
    MOVED = "moved", "Moved to the next working day"
    SKIPPED = "skipped", "Left out"


class HowOften(TextChoices):
    """How often an event comes back, as most people say it."""

    DAILY = "daily", "Every day"
    WORKING_WEEK = "working_week", "Monday to Friday"
    WEEKLY = "weekly", "On certain days of the week"
    RULE = "rule", "By a rule of RFC 5545"


class Weekday(TextChoices):
    MONDAY = "MO", "Monday"
    TUESDAY = "TU", "Tuesday"
    WEDNESDAY = "WE", "Wednesday"
    THURSDAY = "TH", "Thursday"
    FRIDAY = "FR", "Friday"
    SATURDAY = "SA", "Saturday"
    SUNDAY = "SU", "Sunday"


class OccurrenceState(TextChoices):
    """Where an occurrence stands: late when its time has passed and the clock has not come to it yet."""

    COMING = "coming", "Coming"
    LATE = "late", "Late"
    BEGUN = "begun", "Done"
    CANCELLED = "cancelled", "Cancelled"


class WhyCancelled(TextChoices):
    CHANGED = "changed", "The rhythm was changed"
    ENDED = "ended", "It ended"
    INCIDENT_CLOSED = "incident_closed", "The incident was closed"
    NEW_PHASE = "new_phase", "A new phase began"


class SitrepStatus(TextChoices):
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    APPROVED = "approved", "Approved"
    ISSUED = "issued", "Issued"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


OPEN_STATUSES = (SitrepStatus.DRAFT, SitrepStatus.IN_REVIEW, SitrepStatus.APPROVED)
ISSUED_STATUSES = (SitrepStatus.ISSUED, SitrepStatus.SUPERSEDED)


class SecondCheck(TextChoices):
    """Whether somebody other than its authors has checked a report before it went out."""

    DONE = "done", "Done: checked by somebody who did not write it"
    DUE = "due", "Due: nobody else could be reached, to be checked afterwards"


class SectionKey(TextChoices):
    """The sections of every situation report, in their order. The keys never change."""

    HEADLINE = "headline", "Headline"
    SITUATION = "situation", "Situation"
    HARM = "harm", "Harm so far"
    PRODUCT = "product", "Products and businesses"
    RISK = "risk", "Risk and impact"
    DONE_AND_NEXT = "done_and_next", "Done, and next"
    MEASURES = "measures", "Corrective measures"
    MEDIA_AND_LINES = "media_and_lines", "Media and lines to take"
    MINISTERS = "ministers", "Ministers and Parliament"
    PARTNERS_AND_NATIONS = "partners_and_nations", "Partners and nations"
    RESOURCES = "resources", "Groups and resources"
    DECISIONS_WANTED = "decisions_wanted", "Decisions wanted"
    EQUALITY = "equality", "Equality"
    NEXT_REPORT = "next_report", "Next report"
