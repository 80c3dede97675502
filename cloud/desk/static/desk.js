// The signing desk: reads the fragment, shows what it holds, and asks the passkey at the very end.

import { grouped, same, sha256, toHex, utf8 } from "./bytes.js";
import { markChanges } from "./changes.js";
import * as handover from "./handover.js";
import { language, other, speak, t } from "./language.js";
import { bytesOf, button, element, notice, shown, statementCard } from "./page.js";
import * as passkey from "./passkey.js";
import { pieces } from "./plain_text.js";
import { Refusal } from "./refusal.js";
import { requireSafeSurroundings } from "./surroundings.js";
import { number } from "./units.js";
import { describe, replacedBy, versionOf } from "./words.js";

const MAXIMUM_NAME_BYTES = 64;
const NAMES = { de: "Deutsch", en: "English" };
// Every version has these of its own: they are marked where they stand, and not listed as changes.
const OF_ITS_OWN = ["Serial", "Replaces", "Written", "To be installed by", "Valid from"];
const main = document.getElementById("main");
const switching = document.getElementById("language");
let show = () => {};

async function open() {
  document.getElementById("place").textContent = location.origin;
  sayAround();
  try {
    requireSafeSurroundings();
    const request = handover.readFragment(location.hash);
    forgetFragment();
    show = () => (request.kind === "sign" ? showSigning(request) : showRegistering(request));
    await show();
  } catch (problem) {
    showRefusal(problem);
  }
}

// What stands around the statements; the other language is offered in its own name.
function sayAround() {
  document.documentElement.lang = language();
  document.title = t("Circlet signing desk");
  document.getElementById("desk").textContent = t("Signing desk");
  document.getElementById("apart").textContent = t(
    "This page stands apart from the clinic's other pages. It keeps nothing and sends nothing but the signature. A signature made on any other page counts for nothing with a band.",
  );
  switching.textContent = NAMES[other()];
  switching.lang = other();
  switching.hidden = false;
}

// Reads everything anew in the other language: what was ticked has to be ticked again.
switching.addEventListener("click", async () => {
  speak(other());
  sayAround();
  try {
    await show();
  } catch (problem) {
    showRefusal(problem);
  }
});

// What is to be signed names a patient: it does not stay in the browser's history.
function forgetFragment() {
  if (location.hash) history.replaceState(null, "", location.pathname);
}

// Compares with the version that the statement's own bytes name by its hash, or says that it can't.
async function compare(said, { type, data, before }) {
  const replaced = replacedBy(type, data);
  if (before === null) {
    if (replaced !== null) Object.assign(said, { changes: [], against: null });
    return said;
  }
  if (replaced === null || !same(await sha256(before), replaced)) {
    throw new Refusal(t("The clinic's page brought another version than the one that this replaces."));
  }
  const all = markChanges(said, describe(type, before));
  const own = new Set(OF_ITS_OWN.map((label) => t(label)));
  const changes = all.filter((change) => !own.has(change.label));
  const against = t("version {number}", { number: number(versionOf(type, before)) });
  return Object.assign(said, { changes, against, times: number(all.length - changes.length) });
}

function showRefusal(problem) {
  const sentence = problem instanceof Refusal ? problem.message : t("Something went wrong in this page.");
  if (!(problem instanceof Refusal)) console.error(problem);
  main.replaceChildren(
    element("h1", {}, t("The desk does not go on")),
    notice("stop", sentence, t("Nothing was signed. Go back to the clinic's page and start again, or tell whoever runs it.")),
  );
}

async function showSigning(request) {
  const cards = [];
  for (const [place, statement] of request.statements.entries()) {
    const { type, data } = statement;
    const said = await compare(describe(type, data), statement);
    const digest = grouped(toHex(await sha256(data)));
    cards.push(statementCard(said, place, bytesOf(data, digest), () => update()));
  }
  const { digests, challenge } = await handover.challengeOf(request.statements);
  const message = element("div", { id: "message", role: "status", "aria-live": "polite" });
  const hint = element("p", { class: "small", id: "hint" });
  const signing = button(t("Sign with my passkey"), () => act(), { id: "sign", disabled: true });
  const cancel = button(t("Do not sign"), () => location.assign(handover.cancelledUrl(request.returnUrl)), {
    id: "cancel",
    second: true,
  });

  function update() {
    const open = cards.filter((card) => !card.querySelector("input[type=checkbox]").checked).length;
    signing.disabled = open > 0;
    hint.textContent = open > 0 ? unread(open, cards.length) : t("Your passkey will ask for your PIN, finger or face.");
  }

  async function act() {
    signing.disabled = true;
    message.replaceChildren();
    try {
      const assertion = await passkey.sign(challenge, request.credentials);
      main.replaceChildren(element("h1", { id: "signed" }, t("Signed")), element("p", {}, t("Going back to {origin}.", { origin: request.returnUrl.origin })));
      location.assign(handover.answerUrl(request.returnUrl, { ...assertion, digests }));
    } catch (problem) {
      const sentence = problem instanceof Refusal ? problem.message : t("Something went wrong in this page.");
      message.replaceChildren(notice("stop", t("Not signed"), sentence));
      update();
    }
  }

  main.replaceChildren(
    element("h1", {}, cards.length === 1 ? t("Read, then sign") : t("Read these {count}, then sign them together", { count: cards.length })),
    element("p", { class: "lead" }, t("All of this was read from the bytes that you sign, by this page alone.")),
    ...cards,
    element("div", { class: "card act" }, [
      message,
      element("p", {}, t("The signature goes back to"), " ", element("strong", {}, request.returnUrl.origin), "."),
      element("div", { class: "buttons" }, signing, cancel),
      hint,
    ]),
  );
  update();
}

const unread = (open, all) =>
  all === 1
    ? t("Tick the box under the statement first.")
    : t("Tick the box under each statement first: {open} of {all} left.", { open, all });

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
  const making = button(t("Make my signing passkey"), () => act(), { id: "make" });

  async function act() {
    making.disabled = true;
    message.replaceChildren();
    try {
      await showMade(await passkey.make(checkedName(name.value)), name.value.trim(), request.returnUrl);
    } catch (problem) {
      const sentence = problem instanceof Refusal ? problem.message : t("Something went wrong in this page.");
      message.replaceChildren(notice("stop", t("No passkey yet"), sentence));
      making.disabled = false;
    }
  }

  main.replaceChildren(
    element("h1", {}, t(request.kind === "register" ? "Make your signing passkey" : "Nothing waits for your signature here")),
    element(
      "p",
      { class: "lead" },
      request.kind === "register"
        ? t("It stays with you and signs only at this desk.")
        : t("To sign, come here by the link on the clinic's page. If you have no signing passkey yet, make one now."),
    ),
    element("div", { class: "card narrow" }, [
      element("label", { for: "name" }, t("Your name, as patients and colleagues know it")),
      name,
      element("div", { class: "buttons" }, making),
      element("p", { class: "small" }, t("The passkey is made on this computer, phone or security key. Nobody else ever holds it, and it does nothing until your clinic has certified it.")),
      message,
    ]),
  );
}

function checkedName(typed) {
  const name = typed.trim();
  if (name === "") throw new Refusal(t("Type your name first."));
  if (utf8(name).length > MAXIMUM_NAME_BYTES) throw new Refusal(t("That name is too long: 64 bytes at most."));
  if (pieces(name).some((piece) => piece.unsafe)) throw new Refusal(t("That name holds invisible characters."));
  return name;
}

async function showMade(key, name, returnUrl) {
  const request = handover.certificateRequest({ ...key, name, rpId: passkey.rpId(), origin: location.origin });
  const fingerprint = await passkey.fingerprint(key.publicKey);
  show = () => showMade(key, name, returnUrl);
  const copied = element("span", { class: "small", role: "status", "aria-live": "polite" });
  const copy = button(t("Copy"), async () => {
    await navigator.clipboard.writeText(request);
    copied.textContent = t("Copied.");
  }, { second: true });
  main.replaceChildren(
    element("h1", { id: "made" }, t("Your signing passkey is made")),
    element("p", { class: "lead" }, t("Two steps are left, both with the person who holds your clinic's root.")),
    element("div", { class: "card" }, [
      element("h2", {}, t("1. Send them this request")),
      element("textarea", { id: "request-text", readonly: true, rows: "4", "aria-label": t("Certificate request") }, request),
      element("div", { class: "buttons" }, save(request), copy, copied),
    ]),
    element("div", { class: "card" }, [
      element("h2", {}, t("2. Read them this fingerprint, in person or by telephone")),
      element("p", { class: "fingerprint", id: "fingerprint" }, halves(fingerprint)),
      element("p", {}, t("They certify your key only if they see the same eight groups. If they differ, stop: somebody changed the request.")),
      element("p", { class: "small" }, ...shown(pieces(name)), ` · ${location.origin} · ${t(key.backupEligible ? "the passkey may be copied to your other devices" : "the passkey stays on this one device")}`),
    ]),
    ...(returnUrl ? [element("p", {}, element("a", { href: returnUrl.href }, t("Back to {origin}", { origin: returnUrl.origin })))] : []),
  );
}

function halves(fingerprint) {
  const groups = fingerprint.split(" ").map((group) => element("span", {}, group));
  return groups.flatMap((group, at) => (at === 0 ? [group] : [" ", group]));
}

function save(request) {
  const url = URL.createObjectURL(new Blob([`${request}\n`], { type: "text/plain" }));
  return element("a", { class: "button", id: "request-file", href: url, download: "circlet-request.txt" }, t("Save as a file"));
}

window.addEventListener("hashchange", () => {
  if (location.hash) open();
});
open();
