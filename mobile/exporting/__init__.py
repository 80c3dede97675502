"""The person's own data as files: a page for the next visit, a table, a FHIR bundle.

- `facts`: what goes out. `visit_page`: one PDF page to take along. `table`: CSV, line by line.
- `fhir`: a FHIR R4 bundle for another clinic's computer.

Pure: facts in, bytes out. Who gathers the facts and where the file goes stands in `mobile.engine`.
Nothing that wasn't recorded is put in, and a score of our own wording says so everywhere.
"""

from mobile.exporting.facts import OwnRecord, Scored, SessionLine
from mobile.exporting.fhir import bundle
from mobile.exporting.table import table
from mobile.exporting.visit_page import visit_page

__all__ = ["OwnRecord", "Scored", "SessionLine", "bundle", "table", "visit_page"]
