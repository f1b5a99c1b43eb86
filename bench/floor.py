"""The floor: bare psycopg2 doing the same reads, or as many writes in one commit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import psycopg2

NEWEST = "e.received_at DESC, e.id DESC"
MOST_FOUND = 2_000
PAGE = 51  # one more than a page, to know whether another follows
_ISSUE = (
    "i.reference, i.title, i.summary, i.source, i.received_at, i.functional_team, i.regulatory_area,"
    " i.is_product_safety, i.danger_now, i.nations, i.sensitivity, i.lead_authority, i.impact_level, i.nnc,"
    " i.version, i.created_at, i.updated_at, e.id, e.stage, e.number, e.visit, e.due_at, e.received_at, i.id"
)
_CLIMBS = "FROM escalation_escalation e JOIN incidents_issue i ON i.id = e.issue_id WHERE e.is_current"
_PRODUCTS = (
    "SELECT issue_id, name, brand, model, category, barcode, batch, country_of_origin, units"
    " FROM incidents_product WHERE issue_id = ANY(%s)"
)
_BUSINESSES = "SELECT issue_id, name, role, company_number, country FROM incidents_business WHERE issue_id = ANY(%s)"
_PANELS = (
    "SELECT id, user_id, role, since FROM incidents_issueperson WHERE issue_id = %s",
    "SELECT id, name, organisation FROM incidents_originator WHERE issue_id = %s",
    "SELECT a.id, a.overall, a.made_at, r.indicator, r.level, r.reason FROM incidents_impactassessment a"
    " JOIN incidents_impactrating r ON r.assessment_id = a.id WHERE a.issue_id = %s ORDER BY a.made_at DESC",
    "SELECT * FROM incidents_nncassessment WHERE issue_id = %s ORDER BY made_at DESC, id DESC LIMIT 50",
    "SELECT * FROM incidents_evidence WHERE issue_id = %s ORDER BY added_at DESC, id DESC LIMIT 50",
    "SELECT * FROM incidents_commission WHERE issue_id = %s ORDER BY asked_at DESC, id DESC LIMIT 50",
    "SELECT * FROM incidents_decision WHERE issue_id = %s ORDER BY made_at DESC, id DESC LIMIT 50",
)
_FOUND = "words @@ websearch_to_tsquery('opss_words', %s)"
_PLACES = (
    "SELECT stage, team, sum(count), ARRAY(SELECT e.id FROM escalation_escalation e WHERE e.is_current"
    " AND e.stage = t.stage AND e.handling_team = t.team AND e.sensitivity IN ('official', 'official_sensitive')"
    " ORDER BY e.pressing, e.id LIMIT 3), (SELECT e.received_at FROM escalation_escalation e WHERE e.is_current"
    " AND e.stage = t.stage AND e.handling_team = t.team AND e.sensitivity IN ('official', 'official_sensitive')"
    " ORDER BY e.received_at, e.id LIMIT 1) FROM escalation_stagetally t"
    " WHERE t.sensitivity IN ('official', 'official_sensitive') AND t.stage = ANY(%s) GROUP BY stage, team"
)
_NOTICES = (
    "SELECT * FROM notify_notice WHERE recipient_id = %s AND delivered_at IS NOT NULL AND read_at IS NULL"
    " ORDER BY delivered_at DESC, id DESC LIMIT 28"
)
_REPORTS = "SELECT s.*, i.* FROM command_sitrep s JOIN incidents_incident i ON i.id = s.incident_id WHERE s.status = %s"
_LIVE = "SELECT * FROM incidents_incident WHERE status = ANY(%s) ORDER BY declared_at DESC LIMIT 5"
_MARKS = "SELECT m.*, i.* FROM incidents_agendamark m JOIN incidents_issue i ON i.id = m.issue_id WHERE m.body = %s"
_EVENTS = (
    "SELECT e.position, e.kind, e.at, e.recorded_at, e.version, e.canonical, f.facts FROM audit_auditevent e"
    " LEFT JOIN audit_eventfacts f ON f.event_id = e.id WHERE e.chain_key = %s ORDER BY e.position DESC LIMIT 51"
)


class Floor:
    """One bare connection. Reads commit nothing; `created` and `moved` write what the doors write and commit once."""

    def __init__(self, dsn: str, *, reader: int, template: str) -> None:
        self._connection = psycopg2.connect(dsn)
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        self._reader = reader
        self._numbers = count()
        self._known: dict[str, list[str]] = {}
        self._run = f"{datetime.now(UTC):%H%M%S%f}"
        self._template = self._rows("SELECT id FROM incidents_issue WHERE reference = %s", template)[0][0]

    def close(self) -> None:
        self._connection.close()

    # --- reads

    def listed(self, where: str, values: Sequence[Any], order: str) -> None:
        """A page of issues with their products and businesses."""
        rows = self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND {where} ORDER BY {order} LIMIT {PAGE}", *values)
        ids = [row[-1] for row in rows]
        self._rows(_PRODUCTS, ids)
        self._rows(_BUSINESSES, ids)

    def rows_listed(self, where: str, values: Sequence[Any], order: str) -> None:
        """A page of the lines of the list, which need no products."""
        self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND {where} ORDER BY {order} LIMIT {PAGE}", *values)

    def detail(self, reference: str) -> int:
        issue = self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND i.reference = %s", reference)[0][-1]
        self._rows(_PRODUCTS, [issue])
        self._rows(_BUSINESSES, [issue])
        return issue

    def panels(self, reference: str) -> None:
        """One case with every part that its page shows."""
        issue = self.detail(reference)
        for sql in _PANELS:
            self._rows(sql, issue)

    def history(self, reference: str) -> None:
        """One case with its last fifty events."""
        self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND i.reference = %s", reference)
        self._rows(_EVENTS, reference)

    def searched(self, words: str, visible: str) -> None:
        """In two steps: the matches by word, then the newest of them; where they are too many, the walk."""
        found = self._rows(f"SELECT issue_id FROM incidents_searchtext WHERE {_FOUND} LIMIT {MOST_FOUND + 1}", words)
        if len(found) <= MOST_FOUND:
            self.listed(f"{visible} AND i.id = ANY(%s)", [[issue for (issue,) in found]], NEWEST)
        else:
            matches = f"EXISTS (SELECT FROM incidents_searchtext WHERE issue_id = i.id AND {_FOUND})"
            self.listed(f"{visible} AND {matches}", [words], NEWEST)

    def home(self, stages: Sequence[str], decided: str) -> None:
        """What home shows who reads all but the restricted: queues, what to decide, notices, reports, incidents."""
        places = self._rows(_PLACES, list(stages))
        self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND e.id = ANY(%s)", [pk for place in places for pk in place[3]][:27])
        self._rows(f"SELECT {_ISSUE} {_CLIMBS} AND e.stage = %s ORDER BY e.pressing, e.id LIMIT 9", decided)
        self._rows(_NOTICES, self._reader)
        self._rows(_REPORTS, "in_review")
        self._rows(_MARKS, "cam")
        self._rows(_LIVE, ["active", "de_escalating", "monitoring"])

    # --- writes

    def created(self) -> None:
        """The counter, issue, climb, product, business, person, chain, two events with facts, three notices."""
        reference = f"FLR-{self._run}-{next(self._numbers)}"
        self._begin()
        self._write(
            "INSERT INTO kernel_counter (key, value) VALUES ('floor', 1)"
            " ON CONFLICT (key) DO UPDATE SET value = kernel_counter.value + 1"
        )
        issue = self._copied("incidents_issue", {"reference": reference})
        self._copied("escalation_escalation", {"issue_id": issue})
        for table in ("incidents_product", "incidents_business", "incidents_issueperson"):
            self._copied(table, {"issue_id": issue})
        self._recorded(reference, opens=True)
        self._recorded("floor", opens=True)
        self._noticed(reference, 3)
        self._write("COMMIT")

    def moved(self, reference: str) -> None:
        """Lock issue, climb and chain; update issue and climb; decision, event with facts, two notices."""
        self._begin()
        issue = self._rows("SELECT id FROM incidents_issue WHERE reference = %s FOR UPDATE", reference)[0][0]
        self._rows("SELECT id FROM escalation_escalation WHERE issue_id = %s AND is_current FOR UPDATE", issue)
        self._write("UPDATE incidents_issue SET version = version + 1, updated_at = now() WHERE id = %s", issue)
        self._write(
            "UPDATE escalation_escalation SET visit = visit + 1, last_event_at = now()"
            " WHERE issue_id = %s AND is_current",
            issue,
        )
        self._write(
            "INSERT INTO incidents_decision (issue_id, kind, title, reason, stage_from, stage_to, impact_level,"
            " made_by_id, made_as, made_at, acting_reason)"
            " VALUES (%s, 'floor', 'Floor', 'As measured', 'cam', 'ttg', '', %s, '', now(), '')",
            issue,
            self._reader,
        )
        self._recorded(f"floor/{reference}", opens=True)
        self._noticed(reference, 3)
        self._write("COMMIT")

    def _begin(self) -> None:
        self._cursor.execute("BEGIN")

    def _recorded(self, chain: str, *, opens: bool) -> None:
        """An event with its facts, and the end of its chain. What it says does not matter, its size does."""
        mark, text = "0" * 64, json.dumps({"actor": "x" * 150, "facts": "y" * 400})
        self._write(
            "INSERT INTO audit_chain (key, head, length, sealed_length) VALUES (%s, %s, 1, 0)"
            " ON CONFLICT (key) DO UPDATE SET length = audit_chain.length + 1, head = excluded.head",
            chain,
            mark,
        )
        self._write(
            "WITH event AS (INSERT INTO audit_auditevent (chain_key, position, kind, at, recorded_at, version,"
            " canonical, previous_hash, hash) SELECT key, length, 'floor.written', now(), now(), 1, %s, %s, %s"
            " FROM audit_chain WHERE key = %s RETURNING id)"
            " INSERT INTO audit_eventfacts (event_id, facts, salts) SELECT id, %s, %s FROM event",
            text,
            mark,
            mark,
            chain,
            json.dumps({"facts": "z" * 300}),
            json.dumps({"facts": mark}),
        )

    def _noticed(self, about: str, number: int) -> None:
        values = ",".join(["(%s, %s, %s, 'Floor', 'As measured', '/', %s, false, now(), 0, '', '')"] * number)
        rows = [["floor", self._reader, about, f"{self._run}/{about}/{next(self._numbers)}"] for _ in range(number)]
        self._write(
            "INSERT INTO notify_notice (kind, recipient_id, about, title, body, url, key, urgent, created_at,"
            f" attempts, why_not, last_error) VALUES {values}",
            *[value for row in rows for value in row],
        )

    def _copied(self, table: str, changes: dict[str, Any]) -> int:
        """A new row like the one of the template issue, but for its key and `changes`."""
        columns = [name for name in self._columns(table) if name != "id"]
        values = ", ".join("%s" if name in changes else name for name in columns)
        mine = "id" if table == "incidents_issue" else "issue_id"
        return self._rows(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {mine} = %s LIMIT 1"
            " RETURNING id",
            *[changes[name] for name in columns if name in changes],
            self._template,
        )[0][0]

    def _columns(self, table: str) -> list[str]:
        if table not in self._known:
            sql = (
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
                " AND table_schema = current_schema() AND is_generated = 'NEVER' ORDER BY ordinal_position"
            )
            self._known[table] = [name for (name,) in self._rows(sql, table)]
        return self._known[table]

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        self._cursor.execute(sql, values)
        return self._cursor.fetchall()

    def _write(self, sql: str, *values: Any) -> None:
        self._cursor.execute(sql, values)
