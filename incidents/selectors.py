"""Reads of the record. Visibility is applied here and nowhere else, for every surface alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchVector, TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import Exists, Func, OuterRef, Q, QuerySet, TextField, Value

from accounts import selectors as accounts
from accounts.enums import FUNCTION_OF, IMT_HEAD_POST, IMT_POSTS, OPERATOR, SCG_CHAIR_POSTS, TTG_CHAIR_POST, Team
from accounts.models import User
from incidents.enums import Sensitivity
from incidents.models import Decision, ImpactMatrix, Incident, Issue, IssuePerson, SearchText
from kernel import clock
from kernel.actors import Actor
from kernel.errors import NotFound
from kernel.models import WORDS

# Who reads every official-sensitive case by post, besides IMT: who chairs, and those above them in line (ADR 6).
SENIOR_POSTS = (TTG_CHAIR_POST, *SCG_CHAIR_POSTS, "ceo")
# Above so many matches a search walks its order instead of sorting them all.
MOST_FOUND = 2_000
# A shorter part has no trigram to look up.
SHORTEST_PART = 3
# How alike (of 1) a word must be spelt to be offered instead: two letters the wrong way round still are.
SPELT_ALIKE = "0.4"


class Folded(Func):
    """A text without capitals and accents, as `SearchText.said` is kept."""

    function = "public.opss_fold"
    output_field = TextField()


def issues_visible_to(actor: Actor) -> QuerySet[Issue]:
    """Every issue that this person, as this post, may know of (authority.md, 'read').

    Official: everyone with a post but the operator. Official-sensitive: the handling team and its function's Deputy
    Director, people on the case, IMT, the posts that chair and the Chief Executive. Restricted: the people on the case
    and imt.head.
    """
    return Issue.objects.all() if actor.is_system else Issue.objects.filter(_issues_read(actor))


def _issues_read(actor: Actor) -> Q:
    """The same for a person, as a condition on issues."""
    if actor.is_stranger or actor.post == OPERATOR:
        return Q(pk__in=[])
    return readable_by_post(actor) | Q(Exists(IssuePerson.objects.filter(issue=OuterRef("pk"), user=actor.user_id)))


def readable_by_post(actor: Actor, *, team: str = "functional_team") -> Q:
    """The condition on rows with a `sensitivity` and a `team` that the actor's post alone lets them be read.

    For issues, and for what copies these two columns of them to be counted or looked up by: climbs and tallies. People
    on a case read it besides.
    """
    read = teams_read(actor)
    wholly = [sensitivity for sensitivity, teams in read.items() if len(teams) == len(Team.values)]
    found = Q(sensitivity__in=wholly)
    for sensitivity, teams in read.items():
        if teams and sensitivity not in wholly:
            found |= Q(sensitivity=sensitivity, **{f"{team}__in": teams})
    return found


def teams_read(actor: Actor) -> dict[str, Sequence[str]]:
    """Whose cases a post reads though nobody named its holder: teams by sensitivity."""
    if actor.is_stranger or actor.post == OPERATOR:
        return dict.fromkeys(Sensitivity.values, ())
    mine: Sequence[str] = ()
    if actor.post in IMT_POSTS or actor.post in SENIOR_POSTS:
        mine = Team.values
    elif actor.team:
        mine = [actor.team]
    elif actor.function and actor.scs:
        mine = [team for team, function in FUNCTION_OF.items() if function == actor.function]
    return {
        Sensitivity.OFFICIAL.value: Team.values,
        Sensitivity.OFFICIAL_SENSITIVE.value: mine,
        Sensitivity.RESTRICTED.value: Team.values if actor.post == IMT_HEAD_POST else (),
    }


def issue_get(reference: str, actor: Actor) -> Issue:
    """The issue under this reference. Raises NotFound also where the actor may not know of it."""
    issue = issues_visible_to(actor).filter(reference=reference).first()
    if issue is None:
        raise no_such_issue(reference)
    return issue


def no_such_issue(reference: str) -> NotFound:
    return NotFound(f"There is no issue {reference} that you may read.")


def incidents_visible_to(actor: Actor) -> QuerySet[Incident]:
    """Every incident of whose issues none is hidden from this person: its reports may draw on all of them.

    An issue that has left an incident still counts, for what was decided there speaks of it.
    """
    return Incident.objects.all() if actor.is_system else Incident.objects.filter(_incidents_read(actor))


def _incidents_read(actor: Actor) -> Q:
    """The same for a person, as a condition on incidents."""
    if actor.is_stranger or actor.post == OPERATOR:
        return Q(pk__in=[])
    return _without(Issue.objects.exclude(_issues_read(actor)))


def _without(issues: QuerySet[Issue]) -> Q:
    """The condition on incidents that none of these issues belongs to, or belonged to when something was decided."""
    return ~Exists(issues.filter(incident=OuterRef("pk"))) & ~Exists(
        Decision.objects.filter(incident=OuterRef("pk"), issue__in=issues.values("pk"))
    )


def incident_get(reference: str, actor: Actor) -> Incident:
    """The incident under this reference. Raises NotFound also where the actor may not know of it."""
    incident = incidents_visible_to(actor).filter(reference=reference).first()
    if incident is None:
        raise NotFound(f"There is no incident {reference} that you may read.")
    return incident


def issues_in_danger(incident: Incident) -> QuerySet[Issue, str]:
    """The references of its issues that say that somebody could be hurt now, oldest first."""
    return incident.issues.filter(danger_now=True).order_by("pk").values_list("reference", flat=True)


def issues_known(actor: Actor, references: Collection[str]) -> set[str]:
    """Those of these issues that the actor may know of; one query."""
    return set(issues_visible_to(actor).filter(reference__in=references).values_list("reference", flat=True))


def incidents_known(actor: Actor, references: Collection[str]) -> set[str]:
    """Those of these incidents that the actor may know of; one query."""
    return set(incidents_visible_to(actor).filter(reference__in=references).values_list("reference", flat=True))


def issues_seen(user: User, references: Collection[str]) -> set[str]:
    """Those of these issues that a person may know of, as any of the posts that they have now."""
    return _seen(user, references, Issue.objects.all(), _issues_read)


def incidents_seen(user: User, references: Collection[str]) -> set[str]:
    """Those of these incidents that a person may know of, as any of the posts that they have now."""
    return _seen(user, references, Incident.objects.all(), _incidents_read)


def issues_official(references: Collection[str]) -> dict[str, str]:
    """The titles of those of these issues that are plain official, so that an e-mail may quote them; one query."""
    official = Issue.objects.filter(sensitivity=Sensitivity.OFFICIAL, reference__in=references)
    return dict(official.values_list("reference", "title"))


def incidents_official(references: Collection[str]) -> dict[str, str]:
    """The titles of those of these incidents of whose issues, past ones included, all are plain official; one query."""
    known = Incident.objects.filter(reference__in=references)
    official = known.filter(_without(Issue.objects.exclude(sensitivity=Sensitivity.OFFICIAL)))
    return dict(official.values_list("reference", "title"))


def _seen(user: User, references: Collection[str], rows: QuerySet, read: Callable[[Actor], Q]) -> set[str]:
    """One query for all their posts, each kind of sight asked for once: most posts of a person see the same."""
    hats = {tuple(map(tuple, teams_read(hat).values())): hat for hat in accounts.posts_of(user)}
    by_any = reduce(or_, map(read, hats.values()), Q(pk__in=[]))
    return set(rows.filter(by_any, reference__in=references).values_list("reference", flat=True))


def issues_found(q: str, *, issue: str = "issue") -> Q:
    """The condition on rows that belong to an `issue` that it is found by `q`: by a reference, by words, by a part.

    In two steps, since a plan for rare words is a trap for common ones: at most 2,000 issues are looked up by the words
    themselves, and where there are more, the caller's order meets enough of them early. One query of its own. Who may
    know of them is not asked here.
    """
    found = list(SearchText.objects.filter(_speaks_of(q)).values_list("pk", flat=True)[: MOST_FOUND + 1])
    if len(found) <= MOST_FOUND:
        return Q(**{f"{issue}__in": found})
    return _speaks_of(q, f"{issue}__search_text__")


def _speaks_of(q: str, text: str = "") -> Q:
    words = Q(**{f"{text}words": words_of(q)})
    part = q.strip()
    if len(part) < SHORTEST_PART:
        return words
    return words | Q(**{f"{text}said__contains": Folded(Value(part))})


def issues_spelt_like(q: str, actor: Actor, *, most: int) -> list[Issue]:
    """Issues that the actor may know of and that say something spelt like `q`, most alike first, with their words."""
    folded = Folded(Value(q.strip()))
    alike = (
        issues_visible_to(actor)
        .filter(search_text__said__trigram_word_similar=folded)
        .annotate(likeness=TrigramWordSimilarity(folded, "search_text__said"))  # type: ignore[arg-type]
        .select_related("search_text")
        .order_by("-likeness", "-pk")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [SPELT_ALIKE])
        return list(alike[:most])


def incidents_found(q: str, actor: Actor) -> QuerySet[Incident]:
    """The incidents that the actor may know of and whose title speaks of `q`; in no order yet."""
    titles = incidents_visible_to(actor).annotate(title_words=SearchVector("title", config=WORDS))
    return titles.filter(title_words=words_of(q))


def words_of(q: str) -> SearchQuery:
    """The words of `q` as people type them into a search box: quotes, `or` and `-` mean something, nothing is wrong."""
    return SearchQuery(q, config=WORDS, search_type="websearch")


def matrix_in_force() -> ImpactMatrix:
    """The impact matrix that assessments are made with today, with its descriptors."""
    return (
        ImpactMatrix.objects.filter(in_force_from__lte=clock.today())
        .prefetch_related("descriptors")
        .latest("in_force_from", "pk")
    )
