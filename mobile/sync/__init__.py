"""Phone and clinic: signed requests, uploads that arrive once, downloads by cursor.

- `client`: the ingest API. `signing`: RFC 9421. `answers`: what the API answers, checked.
- `address`: where it may be. `tls`, `pin`: that it's the server that this phone was enrolled with.
- `transfer`: the outbox upwards, the clinic's items downwards. `backoff`: when to try again.
- `clinic_time`: the clinic's clock as last heard.
"""

from mobile.sync.address import ClinicAddress, read_address
from mobile.sync.answers import Downloaded, Enrolled, ItemAnswer, SignedWord, Uploaded
from mobile.sync.backoff import Backoff
from mobile.sync.client import IngestClient
from mobile.sync.errors import (
    AddressProblem,
    AddressRefused,
    AnswerUnreadable,
    ClinicBusy,
    ClinicRefused,
    ClinicUnreachable,
    EnrolmentRefused,
    OtherServer,
    ServerUnproven,
    SyncError,
)
from mobile.sync.pin import Pin, keep_pin, kept_pin
from mobile.sync.transfer import Exchange, exchange

__all__ = [
    "AddressProblem",
    "AddressRefused",
    "AnswerUnreadable",
    "Backoff",
    "ClinicAddress",
    "ClinicBusy",
    "ClinicRefused",
    "ClinicUnreachable",
    "Downloaded",
    "Enrolled",
    "EnrolmentRefused",
    "Exchange",
    "IngestClient",
    "ItemAnswer",
    "OtherServer",
    "Pin",
    "ServerUnproven",
    "SignedWord",
    "SyncError",
    "Uploaded",
    "exchange",
    "keep_pin",
    "kept_pin",
    "read_address",
]
