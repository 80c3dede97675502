"""Tables of bulk exports: what was asked for, and whose records each file holds."""

from __future__ import annotations

from sqlalchemy import ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cloud.db import Base, clinic_key


class BulkExport(Base):
    """A job: the types that were asked for, apart by spaces; ``ready_ms`` is when it was planned,
    ``until_ms`` when it ends by itself."""

    __tablename__ = "fhir_exports"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "system_id"], ["fhir_systems.clinic_id", "fhir_systems.system_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    export_id: Mapped[bytes] = mapped_column(primary_key=True)
    system_id: Mapped[bytes]
    kinds: Mapped[str]
    request: Mapped[str]
    asked_ms: Mapped[int]
    ready_ms: Mapped[int | None]
    until_ms: Mapped[int]


class ExportPart(Base):
    """The patients of one file of each type: their pseudonyms, 16 bytes each."""

    __tablename__ = "fhir_export_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "export_id"], ["fhir_exports.clinic_id", "fhir_exports.export_id"]
        ),
    )

    clinic_id: Mapped[str] = clinic_key()
    export_id: Mapped[bytes] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    patients: Mapped[bytes]
