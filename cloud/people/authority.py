"""Who may do what: one table, act by role. Every page declares its act, docs/roles.md prints this.

A member may hold several roles; the widest reach counts. What isn't in the table nobody may do.
Phones have no roles: they act by their enrolment (`cloud.phones.signatures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Role(StrEnum):
    """What a member is in the clinic."""

    PRESCRIBER = "prescriber"
    CARE_TEAM = "care-team"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    CAREGIVER = "caregiver"

    @property
    def words(self) -> str:
        """The role as people say it."""
        return self.value.replace("-", " ")


class Reach(IntEnum):
    """How far a role reaches in one act; the greater one is wider."""

    NO = 0
    OWN = 1
    STEP_UP = 2
    YES = 3

    @property
    def words(self) -> str:
        """The reach as the document prints it."""
        return {
            Reach.NO: "-",
            Reach.OWN: "own patients",
            Reach.STEP_UP: "step-up",
            Reach.YES: "yes",
        }[self]


class Act(StrEnum):
    """Something that a person does on the pages; the value is its name in the audit log."""

    ENTER = "enter"
    OWN_ACCOUNT = "own-account"
    STEP_UP = "step-up"
    OWN_PASSKEYS = "own-passkeys"
    READ_LIST = "read-list"
    READ_PATIENT = "read-patient"
    READ_SESSION_LOGS = "read-session-logs"
    ENROL_PATIENT = "enrol-patient"
    MAKE_CODE = "make-code"
    ACKNOWLEDGE = "acknowledge"
    CLOSE_FLAW = "close-flaw"
    PLACE_HOLD = "place-hold"
    DRAFT = "draft"
    STORE_SIGNATURE = "store-signature"
    READ_CLINIC = "read-clinic"
    ADD_CERTIFICATE = "add-certificate"
    READ_AUDIT = "read-audit"
    HEALTH = "health"
    OPEN_ALERT = "open-alert"
    CLOSE_CLINIC_ALERT = "close-clinic-alert"
    HAND_ALERT_OVER = "hand-alert-over"
    READ_ALERTING = "read-alerting"
    KEEP_ALERTING = "keep-alerting"
    ANSWER_DRILL = "answer-drill"
    READ_STAFF = "read-staff"
    INVITE = "invite"
    END_SIGN_INS = "end-sign-ins"
    CLOSE_ACCOUNT = "close-account"
    RECOVER = "recover"
    OWN_LEAVE = "own-leave"
    READ_TEAMS = "read-teams"
    KEEP_TEAMS = "keep-teams"
    ASSIGN_PATIENT = "assign-patient"


@dataclass(frozen=True)
class Rule:
    """An act in words, and each role's reach; ``nobody`` is who isn't signed in."""

    words: str
    prescriber: Reach
    care_team: Reach
    administrator: Reach
    auditor: Reach
    caregiver: Reach
    nobody: bool = False

    def reach(self, role: Role) -> Reach:
        """Return how far this role reaches."""
        reach: Reach = getattr(self, role.name.lower())
        return reach


NO, OWN, STEP, YES = Reach.NO, Reach.OWN, Reach.STEP_UP, Reach.YES
TABLE: dict[Act, Rule] = {
    Act.ENTER: Rule("open the sign-in and an invitation", YES, YES, YES, YES, YES, nobody=True),
    Act.OWN_ACCOUNT: Rule("sign out, keep the own account", YES, YES, YES, YES, YES),
    Act.STEP_UP: Rule("answer once more by passkey", YES, YES, YES, YES, YES),
    Act.OWN_PASSKEYS: Rule("add or remove an own passkey", STEP, STEP, STEP, STEP, STEP),
    Act.READ_LIST: Rule("read the list of today", OWN, OWN, NO, NO, NO),
    Act.READ_PATIENT: Rule("open a patient's page", OWN, OWN, NO, NO, NO),
    Act.READ_SESSION_LOGS: Rule("open sealed session logs", OWN, OWN, NO, NO, NO),
    Act.ENROL_PATIENT: Rule("enrol a patient", YES, YES, NO, NO, NO),
    Act.MAKE_CODE: Rule("make a code for a patient's phone", OWN, OWN, NO, NO, NO),
    Act.ACKNOWLEDGE: Rule("close an alert as seen to", OWN, OWN, NO, NO, NO),
    Act.CLOSE_FLAW: Rule("close what was wrong with a record", OWN, OWN, NO, NO, NO),
    Act.PLACE_HOLD: Rule("hold a treatment", YES, YES, NO, NO, NO),
    Act.DRAFT: Rule("draft a prescription", OWN, NO, NO, NO, NO),
    Act.STORE_SIGNATURE: Rule("store what the desk signed", OWN, NO, NO, NO, NO),
    Act.READ_CLINIC: Rule("read the clinic's page", YES, YES, YES, YES, NO),
    Act.ADD_CERTIFICATE: Rule("add a signing passkey's certificate", NO, NO, STEP, NO, NO),
    Act.READ_AUDIT: Rule("read the audit log", NO, NO, YES, YES, NO),
    Act.HEALTH: Rule("ask whether the servers are well", YES, YES, YES, YES, YES, nobody=True),
    Act.OPEN_ALERT: Rule("open an alert within reach", YES, YES, YES, NO, NO),
    Act.CLOSE_CLINIC_ALERT: Rule("close an alert about the clinic", YES, YES, YES, NO, NO),
    Act.HAND_ALERT_OVER: Rule("hand an alert within reach over", YES, YES, NO, NO, NO),
    Act.READ_ALERTING: Rule("read rota, channels and drills", YES, YES, YES, YES, NO),
    Act.KEEP_ALERTING: Rule("keep rota, channels and drills", NO, NO, YES, NO, NO),
    Act.ANSWER_DRILL: Rule("answer a drill", YES, YES, YES, NO, NO),
    Act.READ_STAFF: Rule("read who works here", NO, NO, YES, YES, NO),
    Act.INVITE: Rule("invite a member of staff", NO, NO, STEP, NO, NO),
    Act.END_SIGN_INS: Rule("sign a member out everywhere", NO, NO, YES, NO, NO),
    Act.CLOSE_ACCOUNT: Rule("close the account of who has left", NO, NO, STEP, NO, NO),
    Act.RECOVER: Rule("recover a member's account, with another", NO, NO, STEP, NO, NO),
    Act.OWN_LEAVE: Rule("plan the own leave, accept a hand-over", YES, YES, NO, NO, NO),
    Act.READ_TEAMS: Rule("read sites and teams", YES, YES, YES, YES, NO),
    Act.KEEP_TEAMS: Rule("keep sites and teams", NO, NO, YES, NO, NO),
    Act.ASSIGN_PATIENT: Rule("give a patient to teams", OWN, OWN, NO, NO, NO),
}

_HOMES = ((Act.READ_LIST, "/"), (Act.INVITE, "/staff"), (Act.READ_AUDIT, "/audit"))


def reach(roles: Iterable[Role], act: Act) -> Reach:
    """Return the widest reach that these roles have in this act."""
    rule = TABLE[act]
    return max((rule.reach(role) for role in roles), default=Reach.NO)


def home(roles: Iterable[Role]) -> str:
    """Return the page on which these roles begin."""
    held = tuple(roles)
    return next((path for act, path in _HOMES if reach(held, act)), "/sign-in")
