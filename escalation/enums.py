"""The words of the ladder."""

from django.db.models import TextChoices


class Stage(TextChoices):
    """Where a climb stands. The last four end it."""

    REPORTED = "reported", "Reported"
    ASSESSING = "assessing", "Being assessed"
    HANDLED_IN_FUNCTION = "handled_in_function", "Handled in the function"
    REFERRED = "referred", "Referred to the Deputy Director"
    CAM = "cam", "CAM"
    TTG = "ttg", "TTG"
    CAM_EP = "cam_ep", "CAM-EP"
    CASE_CONFERENCE = "case_conference", "Case conference"
    COORDINATED = "coordinated", "Coordinated across OPSS"
    LED_ELSEWHERE = "led_elsewhere", "Led elsewhere"
    MONITORING = "monitoring", "Monitoring"
    INCIDENT_DECLARED = "incident_declared", "Incident declared"
    SUPPORTING_RESPONSE = "supporting_response", "Supporting response"
    CLOSED = "closed", "Closed"
    MERGED = "merged", "Merged"


ENDS = (Stage.INCIDENT_DECLARED, Stage.SUPPORTING_RESPONSE, Stage.CLOSED, Stage.MERGED)
# Where a case went on as part of a response that OPSS leads or supports.
IN_A_RESPONSE = (Stage.INCIDENT_DECLARED, Stage.SUPPORTING_RESPONSE)
OPEN_STAGES = tuple(stage for stage in Stage if stage not in ENDS)
FUNCTIONAL_STAGES = (Stage.REPORTED, Stage.ASSESSING, Stage.HANDLED_IN_FUNCTION, Stage.REFERRED)

# Where nobody may be looking when something new arrives; the case itself does not move by that.
QUIET = (Stage.HANDLED_IN_FUNCTION, Stage.LED_ELSEWHERE, Stage.MONITORING, Stage.COORDINATED, Stage.CLOSED)

# The rungs that a page draws as a line, in climbing order; the other stages stand beside it.
RUNGS = (
    Stage.REPORTED,
    Stage.ASSESSING,
    Stage.CAM,
    Stage.TTG,
    Stage.CAM_EP,
    Stage.CASE_CONFERENCE,
    Stage.INCIDENT_DECLARED,
)


class Sort(TextChoices):
    """The orders of the list of issues."""

    PRESSING = "pressing", "Most pressing"
    NEWEST = "newest", "Newest"
    AGE = "age", "Longest open"


class Age(TextChoices):
    """How long ago OPSS received what a case is about."""

    DAY = "day", "Up to a day"
    WEEK = "week", "Up to a week"
    MONTH = "month", "Up to 30 days"
    OLDER = "older", "More than 30 days"


class Recommendation(TextChoices):
    """What CAM asks TTG for (IMP-2.9)."""

    ACTIVATE_CAM_EP = "activate_cam_ep", "Activate CAM-EP to gather a fuller picture"
    CASE_CONFERENCE = "case_conference", "Hold a case conference"
    OVERSIGHT = "oversight", "Oversight of the assessment only"


class Ground(TextChoices):
    """Why a case conference is held (IMP-2.15)."""

    ENFORCEMENT_IMPACT = "enforcement_impact", "Recommended enforcement would have a significant impact"
    COULD_BECOME_INCIDENT = "could_become_incident", "There are grounds to think this could become an incident"
    RESOURCE_IMPACT = "resource_impact", "It may weigh heavily on resources"


class ClosureKind(TextChoices):
    """How a case truly ended (IMP-2.19)."""

    NO_FURTHER_ACTION = "no_further_action", "No further action"
    RESOLVED_BY_ACTION = "resolved_by_action", "Resolved by action taken"
    OUT_OF_SCOPE = "out_of_scope", "Out of OPSS's scope"
    INSUFFICIENT_INFORMATION = "insufficient_information", "Not enough information to go on"


class ReopenGround(TextChoices):
    """Why a case that ended comes back."""

    NEW_EVIDENCE = "new_evidence", "New evidence"
    CHANGED_CIRCUMSTANCES = "changed_circumstances", "Circumstances have changed"
    DECISION_REVIEWED = "decision_reviewed", "The decision was reviewed"
    IMT_DISAGREES = "imt_disagrees", "IMT disagrees with the outcome"
