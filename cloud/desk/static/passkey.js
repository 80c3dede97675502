// The clinician's passkey: made here, used here, and by no other origin.
// What the browser answers is checked before anybody relies on it; failures are said in words.

import { concat, grouped, same, sha256, toBase64url, toHex } from "./bytes.js";
import { t } from "./language.js";
import { Refusal } from "./refusal.js";

const ES256 = -7;
const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const BACKUP_ELIGIBLE = 0x08;
const FLAGS_AT = 32;
const WAIT_MS = 120_000;
const MAXIMUM_CREDENTIAL_ID = 128;
const MAXIMUM_CLIENT_DATA = 512;

// SubjectPublicKeyInfo of an uncompressed P-256 point (RFC 5480): this head, then X and Y.
const SPKI_HEAD = Uint8Array.from([
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
  0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
]);

export const rpId = () => location.hostname;

// Makes a passkey; returns {publicKey, credentialId, backupEligible}.
export async function make(name) {
  const created = await asked(
    navigator.credentials.create({
      publicKey: {
        rp: { id: rpId(), name: "Circlet signing desk" },
        user: { id: random(16), name, displayName: name },
        challenge: random(32),
        pubKeyCredParams: [{ type: "public-key", alg: ES256 }],
        authenticatorSelection: {
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
        attestation: "none",
        timeout: WAIT_MS,
      },
    }),
    "No passkey was made.",
  );
  const credentialId = new Uint8Array(created.rawId);
  if (credentialId.length > MAXIMUM_CREDENTIAL_ID) {
    throw new Refusal(t("This authenticator's passkeys have names that are too long for the band."));
  }
  const flags = await verifiedFlags(new Uint8Array(created.response.getAuthenticatorData()));
  const publicKey = compressed(new Uint8Array(created.response.getPublicKey()));
  return { publicKey, credentialId, backupEligible: Boolean(flags & BACKUP_ELIGIBLE) };
}

// Signs a challenge; returns the parts of the assertion. Only `credentials` may sign, if any are named.
export async function sign(challenge, credentials) {
  const answered = await asked(
    navigator.credentials.get({
      publicKey: {
        rpId: rpId(),
        challenge,
        allowCredentials: credentials.map((id) => ({ type: "public-key", id })),
        userVerification: "required",
        timeout: WAIT_MS,
      },
    }),
    "Nothing was signed.",
  );
  const credentialId = new Uint8Array(answered.rawId);
  if (credentials.length > 0 && !credentials.some((id) => same(id, credentialId))) {
    throw new Refusal(t("That is another passkey than the clinic certified for you. Nothing was signed."));
  }
  const clientData = new Uint8Array(answered.response.clientDataJSON);
  checkClientData(clientData, challenge);
  const authenticatorData = new Uint8Array(answered.response.authenticatorData);
  await verifiedFlags(authenticatorData);
  return { authenticatorData, clientData, credentialId, signature: new Uint8Array(answered.response.signature) };
}

// The same text as shared.trust.keys.PublicKey.fingerprint.
export async function fingerprint(publicKey) {
  return grouped(toHex(await sha256(publicKey)).slice(0, 32));
}

function checkClientData(clientData, challenge) {
  const said = JSON.parse(new TextDecoder().decode(clientData));
  const right =
    said.type === "webauthn.get" &&
    said.challenge === toBase64url(challenge) &&
    said.origin === location.origin &&
    said.crossOrigin === false;
  if (!right || clientData.length > MAXIMUM_CLIENT_DATA) {
    throw new Refusal(t("The browser signed something else than it was asked to. The answer is thrown away."));
  }
}

async function verifiedFlags(authenticatorData) {
  const site = await sha256(new TextEncoder().encode(rpId()));
  const flags = authenticatorData[FLAGS_AT];
  if (!same(authenticatorData.subarray(0, FLAGS_AT), site)) {
    throw new Refusal(t("The passkey answered for another site. The answer is thrown away."));
  }
  if (!(flags & USER_PRESENT) || !(flags & USER_VERIFIED)) {
    throw new Refusal(t("The passkey did not check that it is you (PIN, finger or face). The answer is thrown away."));
  }
  return flags;
}

function compressed(spki) {
  const point = spki.subarray(SPKI_HEAD.length);
  if (!same(spki.subarray(0, SPKI_HEAD.length), SPKI_HEAD) || point.length !== 64) {
    throw new Refusal(t("This authenticator made a key of a kind that the band cannot check."));
  }
  return concat([point[63] & 1 ? 0x03 : 0x02], point.subarray(0, 32));
}

const random = (size) => crypto.getRandomValues(new Uint8Array(size));

const WHY = {
  NotAllowedError:
    "The passkey did not answer: it was cancelled, it took too long, it is not on this computer, or it could not check that it is you (PIN, finger or face).",
  InvalidStateError: "This authenticator cannot do that twice, or does not hold the passkey.",
  NotSupportedError: "This authenticator does not make the kind of key that the band can check.",
  ConstraintError: "This authenticator cannot check that it is you (PIN, finger or face).",
  SecurityError: "The browser does not allow passkeys on this address.",
  AbortError: "It was interrupted.",
};

async function asked(ceremony, outcome) {
  try {
    return await ceremony;
  } catch (problem) {
    throw new Refusal(`${t(WHY[problem.name] ?? "The browser could not use a passkey.")} ${t(outcome)}`);
  }
}
