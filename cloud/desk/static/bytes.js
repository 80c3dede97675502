// Bytes: base64url, hexadecimal, SHA-256, and CBOR that has one spelling only.
// The counterpart of shared/wire/canonical.py; it knows no statement.

import { decode, encode as encodeCbor } from "./vendor/cborg.js";
import { t } from "./language.js";
import { Refusal } from "./refusal.js";

const STRICT = {
  strict: true,
  useMaps: true,
  allowIndefinite: false,
  allowFloat: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  allowBigInt: false,
  rejectDuplicateMapKeys: true,
};

export function fromBase64url(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new Refusal(t("The link holds characters that do not belong there."));
  try {
    const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(plain, (character) => character.charCodeAt(0));
  } catch {
    throw new Refusal(t("The link was cut off on its way here."));
  }
}

export function toBase64url(bytes) {
  const plain = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function grouped(hex) {
  return hex.match(/.{1,4}/g).join(" ");
}

export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export function same(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}

export function utf8(text) {
  return new TextEncoder().encode(text);
}

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

export function encode(value) {
  return encodeCbor(value);
}

// Returns the value of canonical CBOR; maps become Map. Anything with a second spelling is refused.
export function decodeCanonical(bytes) {
  let value;
  try {
    value = decode(bytes, STRICT);
  } catch {
    throw new Refusal(t("The bytes are not readable."));
  }
  if (!same(encode(value), bytes)) {
    throw new Refusal(t("The bytes are not in their one canonical form: they could be read in two ways."));
  }
  return value;
}
