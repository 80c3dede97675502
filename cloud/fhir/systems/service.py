"""Registering systems, and giving them tokens for a JWT that they signed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from cloud.db import Database
from cloud.errors import NotFound, SignInNeeded
from cloud.fhir.errors import BadParameter, FhirProblem
from cloud.fhir.systems.keys import read_jwk
from cloud.fhir.systems.models import AccessToken, FhirSystem, UsedAssertion
from cloud.fhir.systems.scopes import granted, kinds_of
from cloud.people.tokens import new_token, split, token_hash

SYSTEM_BYTES = 16
NAME_MAX = 80
TOKEN_S = 300
"""How long a token is good: SMART's own limit."""
ASSERTION_S = 300
"""How far ahead a JWT may expire: SMART's own limit."""
JTI_LETTERS_MAX = 200
ASSERTION_LETTERS_MAX = 8000
GRANT = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_CLAIMS = ("iss", "sub", "aud", "exp", "jti")


class InvalidClient(FhirProblem):
    """A JWT that buys no token; OAuth's code for it."""

    code = "invalid_client"
    issue = "security"
    status = 401


@dataclass(frozen=True)
class Granted:
    """A token with the scopes that it opens."""

    token: str
    scopes: str


def add_system(
    session: Session, clinic_id: str, name: str, jwk: str, scopes: str, *, now_ms: int
) -> FhirSystem:
    """Register a system; raise BadParameter for a name, key or scope that isn't taken."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_MAX:
        raise BadParameter("name", f"has 1 to {NAME_MAX} characters")
    read_jwk(jwk)
    kinds_of(scopes.split())
    system = FhirSystem(
        clinic_id=clinic_id,
        system_id=secrets.token_bytes(SYSTEM_BYTES),
        name=name,
        jwk=jwk,
        scopes=granted(scopes, scopes),
        added_ms=now_ms,
        used_ms=None,
        ended_ms=None,
    )
    session.add(system)
    session.flush()
    return system


def end_system(session: Session, clinic_id: str, client_id: str, *, now_ms: int) -> FhirSystem:
    """Take a system out: its tokens open nothing from now on. Raise NotFound for none."""
    found = _system(session, clinic_id, client_id)
    if found is None or found.ended_ms is not None:
        raise NotFound("There is no such system in this clinic.")
    found.ended_ms = now_ms
    return found


def systems_of(session: Session, clinic_id: str) -> tuple[FhirSystem, ...]:
    """Return the clinic's systems, those that were taken out among them."""
    wanted = select(FhirSystem).where(FhirSystem.clinic_id == clinic_id)
    return tuple(session.scalars(wanted.order_by(FhirSystem.added_ms, FhirSystem.system_id)))


def client_id_of(system: FhirSystem) -> str:
    """Return what the system calls itself: its clinic and its id."""
    return f"{system.clinic_id}.{system.system_id.hex()}"


def exchange(database: Database, form: Mapping[str, str], audience: str, *, now_ms: int) -> Granted:
    """Return a token for a JWT, which is used up; raise InvalidClient or BadParameter.

    Of who isn't registered and of a wrong signature the same is said.
    """
    if form["grant_type"] != GRANT:
        raise BadParameter("grant_type", f"is not {GRANT}")
    if form["client_assertion_type"] != ASSERTION_TYPE:
        raise BadParameter("client_assertion_type", f"is not {ASSERTION_TYPE}")
    client_id = _claimed(form["client_assertion"])
    parts = split(client_id)
    if parts is None:
        raise _unknown()
    with database.write(parts[0]) as session:
        system = _system(session, parts[0], client_id)
        if system is None or system.ended_ms is not None:
            raise _unknown()
        claims = _verified(form["client_assertion"], system, audience)
        scopes = granted(form["scope"], system.scopes)
        _use(session, system, claims, now_ms=now_ms)
        system.used_ms = now_ms
        token = new_token()
        session.add(
            AccessToken(
                clinic_id=system.clinic_id,
                token_hash=token_hash(token),
                system_id=system.system_id,
                scopes=scopes,
                until_ms=now_ms + TOKEN_S * 1000,
            )
        )
        return Granted(f"{system.clinic_id}.{token}", scopes)


def who_asks(form: Mapping[str, str]) -> tuple[str, str]:
    """Return the clinic and the client that a JWT says it is of, proven or not; "" where it says
    none."""
    try:
        client_id = _claimed(form["client_assertion"])
    except InvalidClient:
        return "", ""
    parts = split(client_id)
    return (parts[0], client_id) if parts is not None else ("", "")


def holder_of(database: Database, token: str, *, now_ms: int) -> tuple[FhirSystem, frozenset[str]]:
    """Return whose token it is, and the types that it opens; raise SignInNeeded for none."""
    parts = split(token)
    if parts is not None:
        clinic_id, secret = parts
        with database.read(clinic_id) as session:
            found = session.get(AccessToken, (clinic_id, token_hash(secret)))
            if found is not None and now_ms < found.until_ms <= now_ms + TOKEN_S * 1000:
                system = session.get_one(FhirSystem, (clinic_id, found.system_id))
                if system.ended_ms is None:
                    return system, kinds_of(found.scopes.split())
    raise SignInNeeded("This token is not good, or no longer.")


def _unknown() -> InvalidClient:
    return InvalidClient("client_assertion", "is not of a system that is registered here")


def _claimed(assertion: str) -> str:
    """Return who signed, as the JWT says it: nothing is proven yet."""
    try:
        if len(assertion) > ASSERTION_LETTERS_MAX:
            raise _unknown()
        claims = jwt.decode(assertion, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise _unknown() from None
    said = claims.get("iss")
    return said if isinstance(said, str) else ""


def _system(session: Session, clinic_id: str, client_id: str) -> FhirSystem | None:
    try:
        system_id = bytes.fromhex(client_id.removeprefix(f"{clinic_id}."))
    except ValueError:
        return None
    found = session.get(FhirSystem, (clinic_id, system_id))
    return found if found is not None and client_id_of(found) == client_id else None


def _verified(assertion: str, system: FhirSystem, audience: str) -> dict[str, Any]:
    key, client_id = read_jwk(system.jwk), client_id_of(system)
    try:
        claims: dict[str, Any] = jwt.decode(
            assertion,
            key.key,
            algorithms=[key.algorithm_name],
            audience=audience,
            issuer=client_id,
            subject=client_id,
            options={
                "require": list(_CLAIMS),
                # Times are judged by the server's clock, which isn't the library's.
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
    except jwt.InvalidAudienceError:
        raise InvalidClient("aud", f"is not {audience}") from None
    except (jwt.PyJWTError, ValueError):
        raise _unknown() from None
    return claims


def _use(session: Session, system: FhirSystem, claims: dict[str, Any], *, now_ms: int) -> None:
    """Judge the JWT's times, and that it comes for the first time; write it down."""
    expires_s, jti = claims["exp"], claims["jti"]
    if type(expires_s) not in (int, float) or not expires_s * 1000 - now_ms > 0:
        raise InvalidClient("exp", "is past")
    if expires_s * 1000 > now_ms + ASSERTION_S * 1000:
        raise InvalidClient("exp", f"is more than {ASSERTION_S} s ahead")
    begins_s = claims.get("nbf", 0)
    if type(begins_s) not in (int, float) or begins_s * 1000 > now_ms:
        raise InvalidClient("nbf", "is still to come")
    if not isinstance(jti, str) or not 1 <= len(jti) <= JTI_LETTERS_MAX:
        raise InvalidClient("jti", f"has not 1 to {JTI_LETTERS_MAX} letters")
    named = hashlib.sha256(jti.encode("utf-8", "surrogatepass")).digest()
    if session.get(UsedAssertion, (system.clinic_id, system.system_id, named)) is not None:
        raise InvalidClient("jti", "was used before")
    session.add(
        UsedAssertion(
            clinic_id=system.clinic_id,
            system_id=system.system_id,
            jti_hash=named,
            until_ms=int(expires_s * 1000),
        )
    )
    session.flush()
