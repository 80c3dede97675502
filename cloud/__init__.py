"""The clinic's side: three processes over one database, and the signing desk apart from them.

One folder for each domain word: clinics, people (staff and sign-in), patients, phones (enrolment,
signed requests, what waits for them), prescriptions, ledger, checkins, holds, alerts, audit; each
has models, services and pages as needed. `ingest`, `worker` and `dashboard` are the processes and
hold only the keys that are theirs; `desk` and `root_tool` stand for themselves.
"""
