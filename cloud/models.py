"""All tables in one place, for migrations and for the mapper."""

from cloud.alerts import models as alerts
from cloud.attesting import models as attesting
from cloud.audit import models as audit
from cloud.care import models as care
from cloud.caregivers import models as caregivers
from cloud.channels import models as channels
from cloud.checkins import models as checkins
from cloud.clinics import models as clinics
from cloud.db import Base
from cloud.dose import models as dose
from cloud.fhir.bulk import models as fhir_bulk
from cloud.fhir.systems import models as fhir_systems
from cloud.holds import models as holds
from cloud.leave import models as leave
from cloud.ledger import models as ledger
from cloud.limits import models as limits
from cloud.oncall import models as oncall
from cloud.patients import models as patients
from cloud.people import models as people
from cloud.phones import models as phones
from cloud.prescriptions import models as prescriptions
from cloud.proof import models as proof
from cloud.recall import models as recall
from cloud.releases import models as releases
from cloud.teams import models as teams
from cloud.training import models as training
from cloud.triage import models as triage
from cloud.words import models as words
from cloud.worker import models as worker

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "alerts",
    "attesting",
    "audit",
    "care",
    "caregivers",
    "channels",
    "checkins",
    "clinics",
    "dose",
    "fhir_bulk",
    "fhir_systems",
    "holds",
    "leave",
    "ledger",
    "limits",
    "oncall",
    "patients",
    "people",
    "phones",
    "prescriptions",
    "proof",
    "recall",
    "releases",
    "teams",
    "training",
    "triage",
    "words",
    "worker",
]
