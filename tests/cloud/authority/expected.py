"""What each route is expected to answer, written by hand and not read from the table it judges."""

from dataclasses import dataclass, field

ALL = ("prescriber", "care-team", "administrator", "auditor", "caregiver")
TREATING = ("prescriber", "care-team")
PRESCRIBER = ("prescriber",)
ADMINISTRATOR = ("administrator",)
STAFF = ("prescriber", "care-team", "administrator", "auditor")
CLINIC = ("prescriber", "care-team", "administrator")
READERS = ("administrator", "auditor")


@dataclass(frozen=True)
class Route:
    """Who may, what they are answered, with which form, and whether nobody may, too.

    ``step_up`` is the act for which a passkey must have answered: without that it's 403 for all.
    """

    who: tuple[str, ...]
    status: int = 200
    form: dict[str, str] = field(default_factory=dict)
    nobody: bool = False
    step_up: str = ""


JSON = Route(STAFF, 403)
OPEN_JSON = Route(ALL, 409, nobody=True)
DRAFT = {"protocol_id": "mdd-l-dlpfc-itbs", "intensity_percent": "x"}
PATIENT = "/patients/{patient}"

DASHBOARD = {
    ("GET", "/sign-in"): Route(ALL, nobody=True),
    ("GET", "/invitations/{token}"): Route(ALL, 409, nobody=True),
    ("POST", "/passkeys/sign-in/options"): Route(ALL, nobody=True),
    ("POST", "/passkeys/sign-in"): OPEN_JSON,
    ("POST", "/passkeys/registration/{token}/options"): OPEN_JSON,
    ("POST", "/passkeys/registration/{token}"): OPEN_JSON,
    ("POST", "/passkeys/step-up/options"): JSON,
    ("POST", "/passkeys/step-up"): JSON,
    ("POST", "/sign-out"): Route(ALL, 303),
    ("GET", "/account"): Route(STAFF),
    ("POST", "/account/language"): Route(STAFF, 303),
    ("POST", "/account/passkeys"): Route(STAFF, 303, step_up="own-passkeys"),
    ("POST", "/account/passkeys/{key}/remove"): Route(STAFF, 404, step_up="own-passkeys"),
    ("GET", "/care"): Route(("caregiver",)),
    ("GET", "/care/sign-in"): Route(ALL, nobody=True),
    ("GET", "/care/join"): Route(ALL, nobody=True),
    ("POST", "/care/join/options"): OPEN_JSON,
    ("POST", "/care/join"): OPEN_JSON,
    ("POST", f"{PATIENT}/sharing/end"): Route(TREATING, 409),
    ("GET", "/"): Route(TREATING),
    ("GET", "/patients/live"): Route(TREATING),
    ("GET", "/patients/events"): Route(TREATING),
    ("GET", f"{PATIENT}/see-to"): Route(TREATING),
    ("POST", f"{PATIENT}/see-to"): Route(TREATING, 303, {"alert": "{alert_of_patient}"}),
    ("POST", f"{PATIENT}/calls"): Route(TREATING, 303, {"outcome": "no-answer"}),
    ("POST", f"{PATIENT}/put-off"): Route(TREATING, 409, {"reason": "x", "until": "x"}),
    ("POST", f"{PATIENT}/put-off/end"): Route(TREATING, 404),
    ("POST", "/list/tasks"): Route(TREATING, 409),
    ("POST", "/list/views"): Route(TREATING, 303, {"name": "Mine"}),
    ("POST", "/list/views/{view}/remove"): Route(TREATING, 404),
    ("GET", "/patients/new"): Route(TREATING),
    ("POST", "/patients"): Route(TREATING, 422),
    ("GET", PATIENT): Route(TREATING),
    ("GET", f"{PATIENT}/live"): Route(TREATING),
    ("GET", f"{PATIENT}/timeline"): Route(TREATING),
    ("GET", f"{PATIENT}/session-logs"): Route(TREATING),
    ("GET", f"{PATIENT}/sessions/{{epoch}}/{{number}}"): Route(TREATING, 404),
    ("GET", f"{PATIENT}/report"): Route(TREATING),
    ("GET", f"{PATIENT}/report.csv"): Route(TREATING),
    ("GET", f"{PATIENT}/forecast"): Route(TREATING),
    ("GET", f"{PATIENT}/forecast/score"): Route(TREATING),
    ("GET", "/response"): Route(TREATING),
    ("GET", "/response/model"): Route(TREATING),
    ("GET", "/response/export"): Route(PRESCRIBER),
    ("POST", "/response/export"): Route(PRESCRIBER, 409),
    ("POST", f"{PATIENT}/codes"): Route(TREATING),
    ("GET", f"{PATIENT}/codes"): Route(TREATING),
    ("POST", f"{PATIENT}/codes/{{code}}/void"): Route(TREATING, 404),
    ("POST", f"{PATIENT}/alerts"): Route(TREATING, 303, {"alert": "{alert_of_patient}"}),
    ("POST", f"{PATIENT}/flaws"): Route(TREATING, 409),
    ("GET", f"{PATIENT}/way"): Route(TREATING),
    ("GET", f"{PATIENT}/way/live"): Route(TREATING),
    ("POST", f"{PATIENT}/telephone"): Route(TREATING, 303, {"number": "+49 30 23125001"}),
    ("GET", f"{PATIENT}/details"): Route(TREATING),
    ("POST", f"{PATIENT}/details"): Route(TREATING, 422, {"name": ""}),
    ("GET", f"{PATIENT}/hold"): Route(TREATING),
    ("POST", f"{PATIENT}/holds"): Route(TREATING, 303, {"reason": "clinician"}),
    ("GET", f"{PATIENT}/steps"): Route(PRESCRIBER),
    ("GET", f"{PATIENT}/steps/{{step}}"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/steps/{{step}}"): Route(PRESCRIBER),
    ("GET", f"{PATIENT}/lift"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/lift"): Route(PRESCRIBER, 409),
    ("GET", "/lift"): Route(PRESCRIBER),
    ("POST", "/lift"): Route(PRESCRIBER, 409),
    ("GET", f"{PATIENT}/another-band"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/another-band"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/band"): Route(PRESCRIBER, 404),
    ("GET", f"{PATIENT}/let-go"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/let-go"): Route(PRESCRIBER, 409),
    ("GET", f"{PATIENT}/holds/{{hold}}/confirm"): Route(TREATING),
    ("POST", f"{PATIENT}/holds/{{hold}}/confirm"): Route(TREATING, 409),
    ("GET", f"{PATIENT}/time"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/time"): Route(PRESCRIBER, 409),
    ("GET", f"{PATIENT}/prescribe"): Route(PRESCRIBER),
    ("POST", f"{PATIENT}/prescribe/preview"): Route(PRESCRIBER, 200, DRAFT),
    ("POST", f"{PATIENT}/prescriptions"): Route(PRESCRIBER, 200, DRAFT),
    ("GET", "/sign-again"): Route(PRESCRIBER),
    ("GET", "/desk-return"): Route(ALL, nobody=True),
    ("GET", "/desk-return/session"): Route(PRESCRIBER),
    ("POST", "/desk-return"): Route(PRESCRIBER, 409, {"answer": "x"}),
    ("GET", "/clinic"): Route(STAFF),
    ("POST", "/clinic/certificates"): Route(ADMINISTRATOR, 422, step_up="add-certificate"),
    ("GET", "/clinic/devices"): Route(STAFF),
    ("GET", "/clinic/devices.csv"): Route(STAFF),
    ("POST", "/clinic/devices"): Route(ADMINISTRATOR, 422, step_up="keep-bands"),
    ("POST", "/clinic/devices/{device}/retire"): Route(ADMINISTRATOR, 404, step_up="keep-bands"),
    ("GET", "/clinic/recall"): Route(STAFF),
    ("GET", "/clinic/releases"): Route(STAFF),
    ("POST", "/clinic/releases/{release}/halt"): Route(ADMINISTRATOR, 409, step_up="keep-releases"),
    ("POST", "/clinic/releases/{release}/resume"): Route(
        ADMINISTRATOR, 409, step_up="keep-releases"
    ),
    ("GET", "/clinic/systems"): Route(STAFF),
    ("POST", "/clinic/systems"): Route(ADMINISTRATOR, 409, step_up="keep-systems"),
    ("POST", "/clinic/systems/{system}/end"): Route(ADMINISTRATOR, 404, step_up="keep-systems"),
    ("GET", "/clinic/settings"): Route(STAFF),
    ("POST", "/clinic/settings"): Route(ADMINISTRATOR, 422, step_up="keep-card"),
    ("GET", "/audit"): Route(READERS),
    ("POST", "/audit/export"): Route(("auditor",)),
    ("GET", "/health"): Route(ALL, 503, nobody=True),
    ("GET", "/ready"): Route(ALL, nobody=True),
    ("GET", "/alerts"): Route(CLINIC),
    ("GET", "/alerts/live"): Route(CLINIC),
    ("POST", "/alerts/{alert}/take"): Route(TREATING, 404),
    ("GET", "/alerts/{alert}"): Route(CLINIC, 404),
    ("POST", "/alerts/{alert}/acknowledge"): Route(CLINIC, 404),
    ("POST", "/alerts/{alert}/hand-over"): Route(TREATING, 404),
    ("GET", "/clinic/alerts"): Route(STAFF),
    ("POST", "/clinic/alerts/turns"): Route(ADMINISTRATOR, 422),
    ("POST", "/clinic/alerts/turns/remove"): Route(ADMINISTRATOR, 303),
    ("POST", "/clinic/alerts/channels"): Route(ADMINISTRATOR, 422),
    ("POST", "/clinic/alerts/channels/remove"): Route(ADMINISTRATOR, 303),
    ("POST", "/clinic/alerts/drills"): Route(ADMINISTRATOR, 404),
    ("POST", "/clinic/alerts/hours"): Route(ADMINISTRATOR, 422),
    ("POST", "/clinic/alerts/ringing"): Route(ADMINISTRATOR, 303),
    ("POST", "/clinic/alerts/thresholds"): Route(ADMINISTRATOR, 422),
    ("GET", "/drills/{drill}"): Route(CLINIC, 404),
    ("POST", "/drills/{drill}"): Route(CLINIC, 404),
    ("GET", "/staff"): Route(READERS),
    ("POST", "/staff"): Route(ADMINISTRATOR, 422, step_up="invite"),
    ("POST", "/staff/{member}/sign-ins/end"): Route(ADMINISTRATOR, 404),
    ("POST", "/staff/{member}/left"): Route(ADMINISTRATOR, 404, step_up="close-account"),
    ("POST", "/staff/{member}/recovery"): Route(ADMINISTRATOR, 404, step_up="recover"),
    ("POST", "/staff/{member}/recovery/confirm"): Route(ADMINISTRATOR, 404, step_up="recover"),
    ("GET", "/erasures"): Route(READERS),
    ("POST", "/erasures"): Route(
        ADMINISTRATOR, 422, {"patient": "00", "again": "00"}, step_up="erase-patient"
    ),
    ("GET", "/fhir/metadata"): Route(ALL, nobody=True),
    ("GET", "/fhir/.well-known/smart-configuration"): Route(ALL, nobody=True),
    ("POST", "/fhir/token"): Route(ALL, 400, nobody=True),
    ("GET", "/fhir/$export"): Route(()),
    ("GET", "/fhir/bulk/{export}"): Route(()),
    ("DELETE", "/fhir/bulk/{export}"): Route(()),
    ("GET", "/fhir/bulk/{export}/{kind}/{number}"): Route(()),
    ("GET", "/fhir/Patient/{patient}"): Route(TREATING),
    ("GET", "/fhir/Patient/{patient}/$everything"): Route(TREATING),
    ("GET", "/fhir/{kind}/{id}"): Route(TREATING, 404),
    ("GET", "/fhir/{kind}"): Route(TREATING, 400),
    ("GET", "/leave"): Route(TREATING),
    ("POST", "/leave"): Route(TREATING, 422),
    ("POST", "/leave/{leave}/accept"): Route(TREATING, 404),
    ("POST", "/leave/{leave}/end"): Route(TREATING, 404),
    ("GET", "/training"): Route(STAFF),
    ("GET", "/training/parts/{part}"): Route(STAFF),
    ("POST", "/training/parts/{part}"): Route(STAFF, 422),
    ("GET", "/teams"): Route(STAFF),
    ("POST", "/teams"): Route(ADMINISTRATOR, 404, {"name": "North", "site": "00"}),
    ("POST", "/teams/sites"): Route(ADMINISTRATOR, 303, {"name": "Main street"}),
    ("POST", "/teams/{team}/members"): Route(ADMINISTRATOR, 404),
    ("POST", "/teams/{team}/members/{member}/out"): Route(ADMINISTRATOR, 404),
    ("GET", f"{PATIENT}/teams"): Route(TREATING),
    ("POST", f"{PATIENT}/teams"): Route(TREATING, 303),
}

INGEST = {
    ("GET", "/health"): 503,
    ("GET", "/ready"): 200,
    ("POST", "/v1/enrolments"): 422,
    ("POST", "/v1/items"): 200,
    ("GET", "/v1/sync"): 200,
    ("GET", "/v1/received"): 200,
    ("GET", "/v1/looks"): 200,
    ("POST", "/v1/clearances"): 200,
    ("POST", "/v1/time-tokens"): 200,
    ("POST", "/v1/releases"): 200,
    ("POST", "/v1/releases/parts"): 404,
    ("POST", "/v1/releases/tries"): 404,
}
