"""Phone and clinic: signed requests, uploads that arrive once, downloads by cursor.

- `client`: the ingest API. `signing`: RFC 9421. `answers`: what the API answers, checked.
- `transfer`: the outbox upwards, the clinic's items downwards. `backoff`: when to try again.
- `clinic_time`: the clinic's clock as last heard.
"""

from mobile.sync.answers import Downloaded, Enrolled, ItemAnswer, SignedWord, Uploaded
from mobile.sync.backoff import Backoff
from mobile.sync.client import IngestClient
from mobile.sync.errors import (
    AnswerUnreadable,
    ClinicRefused,
    ClinicUnreachable,
    EnrolmentRefused,
    SyncError,
)
from mobile.sync.transfer import Exchange, exchange

__all__ = [
    "AnswerUnreadable",
    "Backoff",
    "ClinicRefused",
    "ClinicUnreachable",
    "Downloaded",
    "Enrolled",
    "EnrolmentRefused",
    "Exchange",
    "IngestClient",
    "ItemAnswer",
    "SignedWord",
    "SyncError",
    "Uploaded",
    "exchange",
]
