"""The clinic's records as FHIR R4 (HL7, 4.0.1), for a hospital's other systems: docs/fhir.md.

- `resources`: one file a resource: the record of ours, written and read back. `elements` are FHIR's
  data types, `source` the ids, `mapping` what a file of `resources` gives, `validating` the models.
- `chart`: all records of one patient; `bundle` writes and reads them as one Bundle; `gathering`
  finds them in the database.
- `file`: a clinic as a file, a bundle a line; `commands` are those of `circlet-cloud`.

What comes in is a chart of its own, foreign and read only: it never becomes a prescription, a
signature or a line of a ledger here.
"""
