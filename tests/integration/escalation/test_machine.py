"""One case driven at random, by anybody and with anything, against a plain model of where it must then stand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts.enums import POST_TITLES
from audit.selectors import events_for
from escalation import services
from escalation.enums import ENDS, FUNCTIONAL_STAGES
from escalation.models import Escalation
from incidents.models import Commission, Incident
from kernel.errors import Blocked, ChangedSinceSeen, DomainError, InvalidInput, NotAllowed, NotFromHere
from tests.factories.authority import WITH_REASON
from tests.factories.authority import expected as answer_by_post
from tests.factories.command import incident
from tests.factories.incidents import reported
from tests.factories.ladder import NNC, Cast, assess, climb_of, inputs_of
from tests.factories.refusals import inputs_of_any
from tests.factories.tallies import counted, tallied
from tests.integration.escalation.test_moves import MAY

pytestmark = pytest.mark.django_db

Draw = Callable[[st.SearchStrategy[Any]], Any]
POSTS = sorted(set(POST_TITLES) - {"operator"})
NAMES = sorted({name for moves in MAY.values() for name in moves})
LEADS_TO = {
    "begin_assessment": "assessing",
    "handle_in_function": "handled_in_function",
    "refer_to_deputy_director": "referred",
    "return_to_function": "handled_in_function",
    "submit_to_cam": "cam",
    "imt_escalate": "cam",
    "hand_over": "led_elsewhere",
    "recommend_to_ttg": "ttg",
    "activate_cam_ep": "cam_ep",
    "request_case_conference": "case_conference",
    "convene_urgent_conference": "case_conference",
    "request_information": "case_conference",
    "agree_coordination": "coordinated",
    "declare_incident": "incident_declared",
    "join_incident": "incident_declared",
    "open_supporting_response": "supporting_response",
    "close": "closed",
    "monitor": "monitoring",
    "merge": "merged",
    "reopen": "cam",
}
WANT_IMPACT = {
    "handle_in_function",
    "refer_to_deputy_director",
    "submit_to_cam",
    "recommend_to_ttg",
    "activate_cam_ep",
    "request_case_conference",
    "agree_coordination",
    "declare_incident",
    "monitor",
}
UPWARDS = {"cam": "recommend_to_ttg", "ttg": "activate_cam_ep", "case_conference": "declare_incident"}
ASK_SOMETHING = {"activate_cam_ep", "request_information", "declare_incident"}


class Ladder(RuleBasedStateMachine):
    """`self.model` says all that matters of the case; whatever the product answers must agree with it."""

    def __init__(self, cast: Cast) -> None:
        super().__init__()
        self.cast = cast
        for post in POSTS:
            cast(post)  # with every post held, nobody but the seniors of a line stands in
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.other, self.carrier = incident(cast), reported(cast("officer.enforcement")).reference
        self.reference = reported(cast("officer.enforcement")).reference
        self.model: dict[str, Any] = {
            "stage": "reported",
            "visit": 1,
            "version": 1,
            "climb": 1,
            "assessed": False,
            "is_stale": False,
            "nnc": False,
            "nnc_confirmed": False,
            "asked": 0,
            "incident_active": False,
            "other_active": True,
            "tcg_chairs": {"dd.enforcement"},
            "merged_from": "",
            "merged_by": "",
        }
        self.old_climbs: list[dict[str, Any]] = []

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    # --- what the model expects ---------------------------------------------------------------------------------------

    def may(self, name: str) -> set[str]:
        model = self.model
        posts = {
            post for post in POST_TITLES if answer_by_post(model["stage"], name, post, covered=True) == WITH_REASON
        } | MAY[model["stage"]][name]
        if name == "join_incident":
            posts |= model["tcg_chairs"]
        return posts | {model["merged_by"]} if name == "unmerge" else posts

    def blockers(self, name: str, post: str) -> set[str]:
        model, stage = self.model, self.model["stage"]
        expected = set()
        wants_impact = name in WANT_IMPACT or (name == "close" and stage != "reported")
        if (wants_impact or (name == "hand_over" and stage in ("cam", "ttg"))) and not model["assessed"]:
            expected.add("impact_not_assessed")
        if not model["nnc"] and (name == "recommend_to_ttg" or (name == "hand_over" and stage == "cam")):
            expected.add("nnc_not_assessed")
        if name == "activate_cam_ep" and not model["nnc_confirmed"]:
            expected.add("nnc_not_confirmed")
        if name == "declare_incident" and model["assessed"] and model["is_stale"]:
            expected.add("impact_stale")
        if name == "close" and stage == "case_conference" and model["asked"]:
            expected.add("commissions_open")
        if name == "reopen" and stage != "closed" and model["incident_active"]:
            expected.add("incident_active")
        if name == "join_incident" and post == "dd.science":
            expected.add("not_its_tcg_chair")
        return expected

    def expected(self, name: str, post: str, *, is_stale: bool, is_spoilt: bool) -> type[DomainError] | None:
        if is_stale:
            return ChangedSinceSeen
        if name not in MAY[self.model["stage"]]:
            return NotFromHere
        if post not in self.may(name):
            return NotAllowed
        if is_spoilt:
            return InvalidInput
        return Blocked if self.blockers(name, post) else None

    def moved(self, name: str, post: str) -> None:
        model, before = self.model, self.model["stage"]
        model["version"] += 1
        model["asked"] += name in ASK_SOMETHING
        model["stage"] = model["merged_from"] if name == "unmerge" else LEADS_TO[name]
        if name != "request_information":
            model["visit"] += 1
            model["assessed"] = model["nnc_confirmed"] = False
        if name == "merge":
            model["merged_from"], model["merged_by"] = before, post
        if name in ("declare_incident", "open_supporting_response"):
            model["incident_active"] = True
        if name == "join_incident":
            model["incident_active"] = model["other_active"]
        if name == "open_supporting_response":
            model["tcg_chairs"].add("dd.science")
        if name == "reopen":
            model["climb"], model["visit"], model["nnc"] = model["climb"] + 1, 1, False

    # --- what may happen ----------------------------------------------------------------------------------------------

    def inputs(self, name: str, post: str) -> dict[str, Any]:
        inputs = inputs_of_any(self.cast, name) | {"acting_reason": "Their post's holder cannot be reached"}
        if name == "close" and inputs["second_person"] == self.cast.user(post).email:
            inputs["second_person"] = self.cast.user("dd.science").email
        if name == "join_incident":
            inputs["incident"] = self.other.reference
        if name == "merge":
            inputs["into"] = self.carrier
        if name == "open_supporting_response":
            asked = inputs_of(self.cast, "request_case_conference")
            inputs |= {key: asked[key] for key in ("consulted_scs", "consulted_how", "consulted_at")}
        return inputs

    def attempt(self, name: str, post: str, *, is_stale: bool = False, is_spoilt: bool = False) -> None:
        expected = self.expected(name, post, is_stale=is_stale, is_spoilt=is_spoilt)
        codes = self.blockers(name, post) if expected is Blocked else set()
        before = Escalation.objects.values().get(issue__reference=self.reference, is_current=True)
        answer = None
        try:
            with transaction.atomic():
                services.issue_move(
                    reference=self.reference,
                    name=name,
                    version=self.model["version"] + (-1 if is_stale else 0),
                    by=self.cast(post),
                    data=self.inputs(name, post) | ({"speed": "fast"} if is_spoilt else {}),
                )
        except DomainError as error:
            answer = error
        assert type(answer) is (expected or type(None)), (name, post, self.model, answer)
        if answer is None:
            self.moved(name, post)
            if name == "reopen":
                self.old_climbs.append(before | {"is_current": False})
        elif isinstance(answer, Blocked):
            assert {blocker.code for blocker in answer.blocked_by} == codes

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One rule for all, because Hypothesis leaves whole rules out of a run, and without moves there is no walk."""
        happens = [self.somebody_climbs] * 4 + [self.somebody_who_may_moves_on] * 3 + [self.anybody_tries_anything] * 2
        happens += [self.impact_is_assessed, self.nnc_is_assessed, self.evidence_arrives]
        if self.model["asked"]:
            happens += [self.an_answer_comes]
        if self.model["incident_active"]:
            happens += [self.the_incident_winds_down] * 2
        data.draw(st.sampled_from(happens))(data.draw)

    def anybody_tries_anything(self, draw: Draw) -> None:
        name, post = draw(st.sampled_from(NAMES)), draw(st.sampled_from(POSTS))
        self.attempt(name, post, is_stale=draw(st.integers(0, 4)) == 4, is_spoilt=draw(st.booleans()))

    def somebody_who_may_moves_on(self, draw: Draw) -> None:
        name = draw(st.sampled_from(sorted(MAY[self.model["stage"]])))
        post = draw(st.sampled_from(sorted(self.may(name))))
        if draw(st.booleans()):
            self.is_prepared(draw)
        self.attempt(name, post, is_spoilt=draw(st.integers(0, 4)) == 4)

    def somebody_climbs(self, draw: Draw) -> None:
        """A push upwards: without it most walks end before they reach the conference."""
        if self.model["stage"] in ENDS:
            return self.somebody_who_may_moves_on(draw)
        self.is_prepared(draw)
        name = UPWARDS.get(self.model["stage"], "request_case_conference")
        return self.attempt(name, draw(st.sampled_from(sorted(self.may(name)))))

    def is_prepared(self, draw: Draw) -> None:
        if self.model["stage"] not in ENDS:
            self.impact_is_assessed(draw)
        if self.model["stage"] in ("cam", "ttg"):
            self.nnc_is_assessed(draw)

    def impact_is_assessed(self, draw: Draw) -> None:
        if self.model["stage"] in ENDS:
            with pytest.raises(NotFromHere):
                assess(self.cast, self.reference)
            return
        assess(self.cast, self.reference, "ftl.enforcement" if self.model["stage"] in FUNCTIONAL_STAGES else "imt.head")
        self.model |= {"version": self.model["version"] + 1, "assessed": True, "is_stale": False}

    def nnc_is_assessed(self, draw: Draw) -> None:
        stage = self.model["stage"]
        posts = {"cam": "imt.head", "ttg": "dceo.regulation", **dict.fromkeys(FUNCTIONAL_STAGES, "ftl.enforcement")}
        by = self.cast(posts.get(stage, "imt.head"))
        if stage not in posts:
            with pytest.raises(NotFromHere):
                services.nnc_assess(reference=self.reference, by=by, data=NNC)
            return
        services.nnc_assess(reference=self.reference, by=by, data=NNC)
        self.model["version"] += 1
        self.model["nnc"] = self.model["nnc"] or stage in ("cam", "ttg")
        self.model["nnc_confirmed"] = self.model["nnc_confirmed"] or stage == "ttg"

    def evidence_arrives(self, draw: Draw) -> None:
        given = {"kind": "test_result", "title": "It fails"}
        services.evidence_add(reference=self.reference, by=self.cast("imt.officer"), data=given)
        self.model |= {"version": self.model["version"] + 1, "is_stale": True}

    def an_answer_comes(self, draw: Draw) -> None:
        asked = Commission.objects.filter(issue__reference=self.reference, status="asked").first()
        outcome = draw(st.sampled_from(["delivered", "waived"]))
        services.commission_settle(
            reference=self.reference,
            commission_id=asked.pk,
            by=self.cast("imt.head"),
            data={"outcome": outcome, "result": "So it is"},
        )
        self.model["version"] += 1
        self.model["asked"] -= 1
        self.model["is_stale"] = self.model["is_stale"] or outcome == "delivered"

    def the_incident_winds_down(self, draw: Draw) -> None:
        Incident.objects.update(status="de_escalating")
        self.model["incident_active"] = self.model["other_active"] = False

    # --- what is always so --------------------------------------------------------------------------------------------

    @invariant()
    def the_case_stands_where_the_model_says(self) -> None:
        model, climb = self.model, climb_of(self.reference)
        stands = {"stage": climb.stage, "visit": climb.visit, "version": climb.issue.version, "climb": climb.number}
        assert stands == {name: model[name] for name in stands}
        assert (climb.ended_at is not None) == (model["stage"] in ENDS)
        assert Commission.objects.filter(issue=climb.issue, status="asked").count() == model["asked"]
        assert events_for(self.reference, limit=1)[0].version == model["version"]

    @invariant()
    def tallies_are_a_fresh_count(self) -> None:
        assert tallied() == counted()

    @invariant()
    def what_ended_stays_as_it_ended(self) -> None:
        kept = Escalation.objects.filter(issue__reference=self.reference, is_current=False).order_by("number")
        assert list(kept.values()) == self.old_climbs


def test_a_case_stands_where_a_plain_model_of_the_ladder_says():
    cast = Cast()
    for post in POSTS:
        cast(post)
    run_state_machine_as_test(
        lambda: Ladder(cast),
        settings=settings(
            max_examples=15,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
        ),
    )
