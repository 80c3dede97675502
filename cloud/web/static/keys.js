// Keys of the list. None acts while somebody types or a dialogue is open, and all can be off.

import { askToAcknowledge } from "./acknowledge.js";

const refreshed = document.getElementById("refreshed");
const dialog = document.getElementById("acknowledge");
const OFF = "circlet-keys-off";
let chosen = null;

const rows = () => [...document.querySelectorAll("tr[data-patient]")];
const row = () => rows().find((each) => each.dataset.patient === chosen);
const off = () => localStorage.getItem(OFF) !== null;

function choose(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((each) => each.dataset.patient === chosen);
  const next = Math.min(all.length - 1, Math.max(0, at + step));
  chosen = all[next].dataset.patient;
  mark();
  all[next].scrollIntoView({ block: "nearest" });
  // A screen reader follows the focus; the row's own link names the patient.
  all[next].querySelector(".next a").focus({ preventScroll: true });
}

function mark() {
  for (const each of rows()) each.classList.toggle("chosen", each.dataset.patient === chosen);
  const button = document.getElementById("keys-on");
  if (!button) return;
  button.setAttribute("aria-pressed", String(!off()));
  const words = off() ? button.dataset.off : button.dataset.on;
  // Only a change: this is called by changes.
  if (button.textContent !== words) button.textContent = words;
}

function acknowledge() {
  const it = row();
  if (!it || !it.dataset.alert) return;
  const { alert, patient, what, who } = it.dataset;
  askToAcknowledge(`/patients/${patient}/see-to`, who, what, { alert });
}

const acts = {
  j: () => choose(1),
  k: () => choose(-1),
  a: acknowledge,
  s: () => row()?.querySelector("[data-see-to]").click(),
  x: () => row()?.querySelector("input[type=checkbox]").click(),
  n: () => document.getElementById("enrol").click(),
  "/": () => document.getElementById("search")?.focus(),
};

function typing(target) {
  return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]") !== null;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || off()) return;
  if (dialog.open || typing(event.target) || !Object.hasOwn(acts, event.key)) return;
  event.preventDefault();
  acts[event.key]();
});

refreshed.addEventListener("click", (event) => {
  if (!event.target.closest("#keys-on")) return;
  if (off()) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
  mark();
});

new MutationObserver(mark).observe(refreshed, { childList: true, subtree: true });
mark();
