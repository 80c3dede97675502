"""CapabilityStatement: what the server does, made from what it does."""

from __future__ import annotations

from cloud.fhir.chart import KINDS
from cloud.fhir.elements import Resource
from cloud.fhir.serving.search import DATES, parameters

DATE = "2026-11-30"
"""When the statement changed last."""
_TYPES = {"patient": "reference", "_id": "token", "category": "token"}
_OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"
_SERVICES = "http://terminology.hl7.org/CodeSystem/restful-security-service"
_EXPORT = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"
_EVERYTHING = "http://hl7.org/fhir/OperationDefinition/Patient-everything"


def capability(base: str, token: str) -> Resource:
    """Return the statement of a server at this base, whose tokens are bought at ``token``."""
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "Circlet"},
        "implementation": {"description": "A clinic's records of home TMS", "url": base},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [
            {
                "mode": "server",
                "security": _security(token),
                "resource": [_resource(kind) for kind in KINDS],
                "operation": [{"name": "export", "definition": _EXPORT}],
            }
        ],
    }


def _security(token: str) -> Resource:
    """Who signs in by a browser comes with a cookie; systems buy a token at this address."""
    return {
        "extension": [{"url": _OAUTH, "extension": [{"url": "token", "valueUri": token}]}],
        "service": [{"coding": [{"system": _SERVICES, "code": "SMART-on-FHIR"}]}],
        "description": "SMART backend services: signed JWT, system scopes",
    }


def _resource(kind: str) -> Resource:
    found: Resource = {
        "type": kind,
        "interaction": [{"code": "read"}, {"code": "search-type"}],
        "searchParam": [
            {"name": name, "type": "date" if name in DATES.values() else _TYPES[name]}
            for name in parameters(kind)
        ],
    }
    if kind == "Patient":
        found["operation"] = [{"name": "everything", "definition": _EVERYTHING}]
    return found
