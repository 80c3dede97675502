"""Who may do what: one table, act by role. Every page declares its act, docs/roles.md prints this.

A member may hold several roles; the widest reach counts. What isn't in the table nobody may do.
Phones have no roles: they act by their enrolment (`cloud.phones.signatures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cloud.language import mark


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
        return {
            Role.PRESCRIBER: mark("prescriber"),
            Role.CARE_TEAM: mark("care team"),
            Role.ADMINISTRATOR: mark("administrator"),
            Role.AUDITOR: mark("auditor"),
            Role.CAREGIVER: mark("caregiver"),
        }[self]

    @property
    def scope(self) -> str:
        """What the role may do, in short; all of it is in the table below."""
        return {
            Role.PRESCRIBER: mark(
                "Sees the patients of the own teams, prescribes, places holds and lifts them."
            ),
            Role.CARE_TEAM: mark(
                "Sees the patients of the own teams, sees to alerts, and places holds."
            ),
            Role.ADMINISTRATOR: mark(
                "Keeps staff, teams, bands, rota and settings. Sees no patient."
            ),
            Role.AUDITOR: mark("Reads the audit log and who works here. Sees no patient."),
            Role.CAREGIVER: mark("Sees what one patient shares."),
        }[self]


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
    SIGN_OUT = "sign-out"
    OWN_ACCOUNT = "own-account"
    STEP_UP = "step-up"
    OWN_PASSKEYS = "own-passkeys"
    READ_LIST = "read-list"
    READ_PATIENT = "read-patient"
    READ_SESSION_LOGS = "read-session-logs"
    READ_REPORT = "read-report"
    READ_FORECAST = "read-forecast"
    READ_RESPONSE = "read-response"
    EXPORT_COHORT = "export-cohort"
    ENROL_PATIENT = "enrol-patient"
    MAKE_CODE = "make-code"
    KEEP_TELEPHONE = "keep-telephone"
    CORRECT_PATIENT = "correct-patient"
    ACKNOWLEDGE = "acknowledge"
    NOTE_CALL = "note-call"
    PUT_OFF = "put-off"
    ASSIGN_TASK = "assign-task"
    OWN_VIEWS = "own-views"
    CLOSE_FLAW = "close-flaw"
    PLACE_HOLD = "place-hold"
    LIFT_HOLD = "lift-hold"
    ATTEST_TIME = "attest-time"
    DRAFT = "draft"
    STORE_SIGNATURE = "store-signature"
    REPLACE_BAND = "replace-band"
    READ_SIGN_AGAIN = "read-sign-again"
    READ_CLINIC = "read-clinic"
    ADD_CERTIFICATE = "add-certificate"
    KEEP_BANDS = "keep-bands"
    KEEP_RELEASES = "keep-releases"
    KEEP_SYSTEMS = "keep-systems"
    KEEP_CARD = "keep-card"
    READ_AUDIT = "read-audit"
    EXPORT_AUDIT = "export-audit"
    HEALTH = "health"
    OPEN_ALERT = "open-alert"
    CLOSE_CLINIC_ALERT = "close-clinic-alert"
    HAND_ALERT_OVER = "hand-alert-over"
    TAKE_ALERT_OVER = "take-alert-over"
    READ_ALERTING = "read-alerting"
    KEEP_ALERTING = "keep-alerting"
    ANSWER_DRILL = "answer-drill"
    READ_STAFF = "read-staff"
    INVITE = "invite"
    END_SIGN_INS = "end-sign-ins"
    CLOSE_ACCOUNT = "close-account"
    RECOVER = "recover"
    OWN_LEAVE = "own-leave"
    OWN_TRAINING = "own-training"
    READ_TEAMS = "read-teams"
    KEEP_TEAMS = "keep-teams"
    ASSIGN_PATIENT = "assign-patient"
    READ_ERASURES = "read-erasures"
    ERASE_PATIENT = "erase-patient"
    READ_SHARED = "read-shared"
    END_SHARING = "end-sharing"
    READ_FHIR = "read-fhir"
    FHIR_SERVER = "fhir-server"
    EXPORT_FHIR = "export-fhir"


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
    Act.ENTER: Rule(
        mark("open the sign-in and an invitation"), YES, YES, YES, YES, YES, nobody=True
    ),
    Act.SIGN_OUT: Rule(mark("sign out"), YES, YES, YES, YES, YES),
    Act.OWN_ACCOUNT: Rule(mark("read the own account"), YES, YES, YES, YES, NO),
    Act.STEP_UP: Rule(mark("answer once more by passkey"), YES, YES, YES, YES, NO),
    Act.OWN_PASSKEYS: Rule(mark("add or remove an own passkey"), STEP, STEP, STEP, STEP, NO),
    Act.READ_LIST: Rule(mark("read the list of today"), OWN, OWN, NO, NO, NO),
    Act.READ_PATIENT: Rule(mark("open a patient's page"), OWN, OWN, NO, NO, NO),
    Act.READ_SESSION_LOGS: Rule(mark("open sealed session logs"), OWN, OWN, NO, NO, NO),
    Act.READ_REPORT: Rule(mark("make a patient's course report"), OWN, OWN, NO, NO, NO),
    Act.READ_FORECAST: Rule(mark("read a patient's forecast"), OWN, OWN, NO, NO, NO),
    Act.READ_RESPONSE: Rule(mark("read the cohort's response, in groups"), YES, YES, NO, NO, NO),
    Act.EXPORT_COHORT: Rule(mark("take the de-identified cohort out"), YES, NO, NO, NO, NO),
    Act.ENROL_PATIENT: Rule(mark("enrol a patient"), YES, YES, NO, NO, NO),
    Act.MAKE_CODE: Rule(mark("make a code for a patient's phone"), OWN, OWN, NO, NO, NO),
    Act.KEEP_TELEPHONE: Rule(mark("keep a patient's telephone number"), OWN, OWN, NO, NO, NO),
    Act.CORRECT_PATIENT: Rule(mark("correct a patient's details"), OWN, OWN, NO, NO, NO),
    Act.ACKNOWLEDGE: Rule(mark("close an alert as seen to"), OWN, OWN, NO, NO, NO),
    Act.NOTE_CALL: Rule(mark("note a call to a patient"), OWN, OWN, NO, NO, NO),
    Act.PUT_OFF: Rule(mark("put a patient on the list off for a while"), OWN, OWN, NO, NO, NO),
    Act.ASSIGN_TASK: Rule(mark("make patients on the list somebody's task"), OWN, OWN, NO, NO, NO),
    Act.OWN_VIEWS: Rule(mark("keep own views of the list"), YES, YES, NO, NO, NO),
    Act.CLOSE_FLAW: Rule(mark("close what was wrong with a record"), OWN, OWN, NO, NO, NO),
    Act.PLACE_HOLD: Rule(mark("hold a treatment"), YES, YES, NO, NO, NO),
    Act.LIFT_HOLD: Rule(mark("draft what lifts a hold"), OWN, NO, NO, NO, NO),
    Act.ATTEST_TIME: Rule(mark("draft what attests a band's time"), OWN, NO, NO, NO, NO),
    Act.DRAFT: Rule(mark("draft a prescription"), OWN, NO, NO, NO, NO),
    Act.STORE_SIGNATURE: Rule(mark("store what the desk signed"), OWN, NO, NO, NO, NO),
    Act.REPLACE_BAND: Rule(mark("let a band go, give a patient another"), OWN, NO, NO, NO, NO),
    Act.READ_SIGN_AGAIN: Rule(mark("read what has to be signed again"), OWN, NO, NO, NO, NO),
    Act.READ_CLINIC: Rule(mark("read the clinic's page"), YES, YES, YES, YES, NO),
    Act.ADD_CERTIFICATE: Rule(mark("add a signing passkey's certificate"), NO, NO, STEP, NO, NO),
    Act.KEEP_BANDS: Rule(mark("take a band in, take one out of use"), NO, NO, STEP, NO, NO),
    Act.KEEP_RELEASES: Rule(mark("halt a firmware release, let it go on"), NO, NO, STEP, NO, NO),
    Act.KEEP_SYSTEMS: Rule(
        mark("register a system that reads by FHIR, end one"), NO, NO, STEP, NO, NO
    ),
    Act.KEEP_CARD: Rule(mark("set what the phones are told of the clinic"), NO, NO, STEP, NO, NO),
    Act.READ_AUDIT: Rule(mark("read the audit log"), NO, NO, YES, YES, NO),
    Act.EXPORT_AUDIT: Rule(mark("take the audit log out as a file"), NO, NO, NO, YES, NO),
    Act.HEALTH: Rule(
        mark("ask whether the servers are well"), YES, YES, YES, YES, YES, nobody=True
    ),
    Act.OPEN_ALERT: Rule(mark("open an alert within reach"), YES, YES, YES, NO, NO),
    Act.CLOSE_CLINIC_ALERT: Rule(mark("close an alert about the clinic"), YES, YES, YES, NO, NO),
    Act.HAND_ALERT_OVER: Rule(mark("hand an alert within reach over"), YES, YES, NO, NO, NO),
    Act.TAKE_ALERT_OVER: Rule(mark("take an own patient's alert over"), OWN, OWN, NO, NO, NO),
    Act.READ_ALERTING: Rule(mark("read rota, channels and drills"), YES, YES, YES, YES, NO),
    Act.KEEP_ALERTING: Rule(mark("keep rota, channels and drills"), NO, NO, YES, NO, NO),
    Act.ANSWER_DRILL: Rule(mark("answer a drill"), YES, YES, YES, NO, NO),
    Act.READ_STAFF: Rule(mark("read who works here"), NO, NO, YES, YES, NO),
    Act.INVITE: Rule(mark("invite a member of staff"), NO, NO, STEP, NO, NO),
    Act.END_SIGN_INS: Rule(mark("sign a member out everywhere"), NO, NO, YES, NO, NO),
    Act.CLOSE_ACCOUNT: Rule(mark("close the account of who has left"), NO, NO, STEP, NO, NO),
    Act.RECOVER: Rule(mark("recover a member's account, with another"), NO, NO, STEP, NO, NO),
    Act.OWN_LEAVE: Rule(mark("plan the own leave, accept a hand-over"), YES, YES, NO, NO, NO),
    Act.OWN_TRAINING: Rule(mark("do the staff course"), YES, YES, YES, YES, NO),
    Act.READ_TEAMS: Rule(mark("read sites and teams"), YES, YES, YES, YES, NO),
    Act.KEEP_TEAMS: Rule(mark("keep sites and teams"), NO, NO, YES, NO, NO),
    Act.ASSIGN_PATIENT: Rule(mark("give a patient to teams"), OWN, OWN, NO, NO, NO),
    Act.READ_ERASURES: Rule(mark("read who was erased, by id"), NO, NO, YES, YES, NO),
    Act.ERASE_PATIENT: Rule(mark("erase a patient for good"), NO, NO, STEP, NO, NO),
    Act.READ_SHARED: Rule(mark("read what the one patient shares"), NO, NO, NO, NO, OWN),
    Act.END_SHARING: Rule(mark("end what a patient shares with a caregiver"), OWN, OWN, NO, NO, NO),
    Act.READ_FHIR: Rule(mark("read a patient as FHIR"), OWN, OWN, NO, NO, NO),
    Act.FHIR_SERVER: Rule(
        mark("ask the FHIR server what it does"), YES, YES, YES, YES, YES, nobody=True
    ),
    Act.EXPORT_FHIR: Rule(
        mark("take everybody out as FHIR: a registered system alone"), NO, NO, NO, NO, NO
    ),
}

_HOMES = (
    (Act.READ_LIST, "/"),
    (Act.INVITE, "/staff"),
    (Act.READ_AUDIT, "/audit"),
    (Act.READ_SHARED, "/care"),
)


def reach(roles: Iterable[Role], act: Act) -> Reach:
    """Return the widest reach that these roles have in this act."""
    rule = TABLE[act]
    return max((rule.reach(role) for role in roles), default=Reach.NO)


def home(roles: Iterable[Role]) -> str:
    """Return the page on which these roles begin."""
    held = tuple(roles)
    return next((path for act, path in _HOMES if reach(held, act)), "/sign-in")
