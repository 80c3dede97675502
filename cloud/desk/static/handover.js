// What comes in the address's fragment and what goes back in one (docs/desk-handover.md).

import { concat, decodeCanonical, encode, fromBase64url, sha256, toBase64url, utf8 } from "./bytes.js";
import { t } from "./language.js";
import { Refusal } from "./refusal.js";

const MAXIMUM_STATEMENTS = 16;
const MAXIMUM_CREDENTIALS = 64;
const MAXIMUM_FRAGMENT = 96_000;
const LOOPBACK = /^(localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])$/;

// Returns {kind: "nothing" | "sign" | "register", ...} for a fragment such as "#request=...".
export function readFragment(fragment) {
  if (fragment.length > MAXIMUM_FRAGMENT) throw new Refusal(t("The link is too long."));
  const [, name, value] = /^#(request|register)=(.*)$/s.exec(fragment) ?? [];
  if (name === undefined) return { kind: "nothing" };
  const map = decodeCanonical(fromBase64url(value));
  if (!(map instanceof Map)) throw new Refusal(t("The link does not hold a request."));
  return name === "request" ? signRequest(map) : registerRequest(map);
}

function signRequest(map) {
  onlyKeys(map, [1, 2, 3]);
  const statements = list(map.get(1), 1, MAXIMUM_STATEMENTS).map((item) => {
    if (!(item instanceof Map)) throw new Refusal(t("The request holds something that is no statement."));
    onlyKeys(item, item.has(3) ? [1, 2, 3] : [1, 2]);
    const before = item.has(3) ? bytes(item.get(3)) : null;
    return { type: text(item.get(1)), data: bytes(item.get(2)), before };
  });
  const credentials = list(map.get(3), 0, MAXIMUM_CREDENTIALS).map(bytes);
  return { kind: "sign", statements, credentials, returnUrl: returnUrl(map.get(2)) };
}

function registerRequest(map) {
  onlyKeys(map, [1, 2]);
  return { kind: "register", name: text(map.get(1)), returnUrl: returnUrl(map.get(2)) };
}

// The challenge of R18: what the passkey signs stands for exactly these bytes, in this order.
export async function challengeOf(statements) {
  const digests = [];
  for (const { type, data } of statements) digests.push(await sha256(concat(utf8(type), data)));
  return { digests, challenge: await sha256(concat(utf8("circlet/list/v1"), encode(digests))) };
}

export function answerUrl(url, { authenticatorData, clientData, signature, digests, credentialId }) {
  const assertion = new Map([
    [1, authenticatorData],
    [2, clientData],
    [3, signature],
    [4, digests],
    [5, 0],
  ]);
  const answer = new Map([
    [1, assertion],
    [2, credentialId],
  ]);
  return `${url.href}#answer=${toBase64url(encode(answer))}`;
}

export const cancelledUrl = (url) => `${url.href}#cancelled=1`;

// The request for a certificate (R19), as text for the holder of the clinic's root.
export function certificateRequest({ publicKey, credentialId, name, rpId, origin, backupEligible }) {
  const request = new Map([
    [1, publicKey],
    [2, credentialId],
    [3, name],
    [4, rpId],
    [5, origin],
    [6, backupEligible],
  ]);
  return toBase64url(encode(request));
}

function returnUrl(value) {
  let url;
  try {
    url = new URL(text(value));
  } catch {
    throw new Refusal(t("The request does not say where the answer should go."));
  }
  const safe = url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (!safe || url.username || url.password || url.hash) {
    throw new Refusal(t("The request wants the answer sent to a place that is not safe."));
  }
  return url;
}

function onlyKeys(map, keys) {
  if (map.size !== keys.length || keys.some((key) => !map.has(key))) {
    throw new Refusal(t("The request has parts that this desk does not know, or lacks some."));
  }
}

function list(value, least, most) {
  if (!Array.isArray(value) || value.length < least || value.length > most) {
    throw new Refusal(t("The request holds a list that is too short or too long (at most {most}).", { most }));
  }
  return value;
}

function text(value) {
  if (typeof value !== "string") throw new Refusal(t("The request lacks a text."));
  return value;
}

function bytes(value) {
  if (!(value instanceof Uint8Array)) throw new Refusal(t("The request lacks bytes."));
  return value;
}
