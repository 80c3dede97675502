"""Whether a resource is FHIR R4, by the R4B models of fhir.resources.

R4B changes no resource that is used here but for additions; the models take a fifth of a second to
import, so they are imported where they're used.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from pydantic import ValidationError

from cloud.fhir.chart import KINDS
from cloud.fhir.errors import NotValid

OTHERS = ("Bundle", "CapabilityStatement", "OperationOutcome")


def validate(resource: Any, path: str) -> None:
    """Raise NotValid with the first element at fault unless the resource holds as FHIR R4."""
    kind = resource.get("resourceType")
    model = _model(kind) if isinstance(kind, str) else None
    if model is None:
        raise NotValid(f"{path}.resourceType", f"{kind!r:.40} is not mapped")
    try:
        model.model_validate(resource)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        where = "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"]
        )
        raise NotValid(f"{path}{where}", f"is no valid FHIR R4: {first['msg']}") from None


@lru_cache
def _model(kind: str) -> Any:
    if kind not in (*KINDS, *OTHERS):
        return None
    return getattr(import_module(f"fhir.resources.R4B.{kind.lower()}"), kind)
