// The signing desk: reads the fragment, shows what it holds, and asks the passkey at the very end.

import { grouped, sha256, toHex, utf8 } from "./bytes.js";
import * as handover from "./handover.js";
import { bytesOf, button, element, notice, shown, statementCard } from "./page.js";
import * as passkey from "./passkey.js";
import { pieces } from "./plain_text.js";
import { Refusal } from "./refusal.js";
import { requireSafeSurroundings } from "./surroundings.js";
import { describe } from "./words.js";

const MAXIMUM_NAME_BYTES = 64;
const main = document.getElementById("main");

async function open() {
  document.getElementById("place").textContent = location.origin;
  try {
    requireSafeSurroundings();
    const request = handover.readFragment(location.hash);
    forgetFragment();
    if (request.kind === "sign") await showSigning(request);
    else showRegistering(request);
  } catch (problem) {
    showRefusal(problem);
  }
}

// What is to be signed names a patient: it does not stay in the browser's history.
function forgetFragment() {
  if (location.hash) history.replaceState(null, "", location.pathname);
}

function showRefusal(problem) {
  const sentence = problem instanceof Refusal ? problem.message : "Something went wrong in this page.";
  if (!(problem instanceof Refusal)) console.error(problem);
  main.replaceChildren(
    element("h1", {}, "The desk does not go on"),
    notice("stop", sentence, "Nothing was signed. Go back to the clinic's page and start again, or tell whoever runs it."),
  );
}

async function showSigning(request) {
  const cards = [];
  for (const [place, { type, data }] of request.statements.entries()) {
    const said = describe(type, data);
    const digest = grouped(toHex(await sha256(data)));
    cards.push(statementCard(said, place, bytesOf(data, digest), () => update()));
  }
  const { digests, challenge } = await handover.challengeOf(request.statements);
  const message = element("div", { id: "message", role: "status", "aria-live": "polite" });
  const hint = element("p", { class: "small", id: "hint" });
  const signing = button("Sign with my passkey", () => act(), { id: "sign", disabled: true });
  const cancel = button("Do not sign", () => location.assign(handover.cancelledUrl(request.returnUrl)), {
    id: "cancel",
    second: true,
  });

  function update() {
    const open = cards.filter((card) => !card.querySelector("input[type=checkbox]").checked).length;
    signing.disabled = open > 0;
    hint.textContent = open > 0 ? unread(open, cards.length) : "Your passkey will ask for your PIN, finger or face.";
  }

  async function act() {
    signing.disabled = true;
    message.replaceChildren();
    try {
      const assertion = await passkey.sign(challenge, request.credentials);
      main.replaceChildren(element("h1", { id: "signed" }, "Signed"), element("p", {}, `Going back to ${request.returnUrl.origin}.`));
      location.assign(handover.answerUrl(request.returnUrl, { ...assertion, digests }));
    } catch (problem) {
      const sentence = problem instanceof Refusal ? problem.message : "Something went wrong in this page.";
      message.replaceChildren(notice("stop", "Not signed", sentence));
      update();
    }
  }

  main.replaceChildren(
    element("h1", {}, cards.length === 1 ? "Read, then sign" : `Read these ${cards.length}, then sign them together`),
    element("p", { class: "lead" }, "All of this was read from the bytes that you sign, by this page alone."),
    ...cards,
    element("div", { class: "card act" }, [
      message,
      element("p", {}, "The signature goes back to ", element("strong", {}, request.returnUrl.origin), "."),
      element("div", { class: "buttons" }, signing, cancel),
      hint,
    ]),
  );
  update();
}

const unread = (open, all) =>
  all === 1 ? "Tick the box under the statement first." : `Tick the box under each statement first: ${open} of ${all} left.`;

function showRegistering(request) {
  const name = element("input", {
    id: "name",
    type: "text",
    autocomplete: "name",
    spellcheck: "false",
    maxlength: "64",
    value: request.name ?? "",
  });
  const message = element("div", { id: "message", role: "status", "aria-live": "polite" });
  const making = button("Make my signing passkey", () => act(), { id: "make" });

  async function act() {
    making.disabled = true;
    message.replaceChildren();
    try {
      await showMade(await passkey.make(checkedName(name.value)), name.value.trim(), request.returnUrl);
    } catch (problem) {
      const sentence = problem instanceof Refusal ? problem.message : "Something went wrong in this page.";
      message.replaceChildren(notice("stop", "No passkey yet", sentence));
      making.disabled = false;
    }
  }

  main.replaceChildren(
    element("h1", {}, request.kind === "register" ? "Make your signing passkey" : "Nothing waits for your signature here"),
    element(
      "p",
      { class: "lead" },
      request.kind === "register"
        ? "It stays with you and signs only at this desk."
        : "To sign, come here by the link on the clinic's page. If you have no signing passkey yet, make one now.",
    ),
    element("div", { class: "card narrow" }, [
      element("label", { for: "name" }, "Your name, as patients and colleagues know it"),
      name,
      element("div", { class: "buttons" }, making),
      element("p", { class: "small" }, "The passkey is made on this computer, phone or security key. Nobody else ever holds it, and it does nothing until your clinic has certified it."),
      message,
    ]),
  );
}

function checkedName(typed) {
  const name = typed.trim();
  if (name === "") throw new Refusal("Type your name first.");
  if (utf8(name).length > MAXIMUM_NAME_BYTES) throw new Refusal("That name is too long: 64 bytes at most.");
  if (pieces(name).some((piece) => piece.unsafe)) throw new Refusal("That name holds invisible characters.");
  return name;
}

async function showMade(key, name, returnUrl) {
  const request = handover.certificateRequest({ ...key, name, rpId: passkey.rpId(), origin: location.origin });
  const fingerprint = await passkey.fingerprint(key.publicKey);
  const copied = element("span", { class: "small", role: "status", "aria-live": "polite" });
  const copy = button("Copy", async () => {
    await navigator.clipboard.writeText(request);
    copied.textContent = "Copied.";
  }, { second: true });
  main.replaceChildren(
    element("h1", { id: "made" }, "Your signing passkey is made"),
    element("p", { class: "lead" }, "Two steps are left, both with the person who holds your clinic's root."),
    element("div", { class: "card" }, [
      element("h2", {}, "1. Send them this request"),
      element("textarea", { id: "request-text", readonly: true, rows: "4", "aria-label": "Certificate request" }, request),
      element("div", { class: "buttons" }, save(request), copy, copied),
    ]),
    element("div", { class: "card" }, [
      element("h2", {}, "2. Read them this fingerprint, in person or by telephone"),
      element("p", { class: "fingerprint", id: "fingerprint" }, halves(fingerprint)),
      element("p", {}, "They certify your key only if they see the same eight groups. If they differ, stop: somebody changed the request."),
      element("p", { class: "small" }, ...shown(pieces(name)), ` · ${location.origin} · ${key.backupEligible ? "the passkey may be copied to your other devices" : "the passkey stays on this one device"}`),
    ]),
    ...(returnUrl ? [element("p", {}, element("a", { href: returnUrl.href }, `Back to ${returnUrl.origin}`))] : []),
  );
}

function halves(fingerprint) {
  const groups = fingerprint.split(" ").map((group) => element("span", {}, group));
  return groups.flatMap((group, at) => (at === 0 ? [group] : [" ", group]));
}

function save(request) {
  const url = URL.createObjectURL(new Blob([`${request}\n`], { type: "text/plain" }));
  return element("a", { class: "button", id: "request-file", href: url, download: "circlet-request.txt" }, "Save as a file");
}

window.addEventListener("hashchange", () => {
  if (location.hash) open();
});
open();
