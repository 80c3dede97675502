// The ledger's records as a table, newest first, read by the band's own codec.

import { ask, element, sentence, words } from "./api.js";

const records = document.getElementById("records");
const older = document.getElementById("older");
const PAGE = 50;
const SHORT = 12;

let newest = 0;
let oldest = 0;

export function buildLedger() {
  older.addEventListener("click", showOlder);
}

export async function showLedger(ledger) {
  const range = ledger.last < ledger.first
    ? "no record yet"
    : `records ${ledger.first} to ${ledger.last}, head ${ledger.head}`;
  document.getElementById("ledger-range").textContent = range;
  if (ledger.last === newest) return;
  const from = newest === 0 || ledger.last < newest
    ? Math.max(ledger.first, ledger.last - PAGE + 1)
    : newest + 1;
  if (ledger.last < newest || newest === 0) records.replaceChildren();
  if (newest === 0) oldest = from;
  newest = ledger.last;
  if (newest < ledger.first) return;
  const seen = await ask(`/records?first=${Math.max(1, from)}`);
  for (const record of seen?.records ?? []) {
    if (!document.getElementById(`record-${record.number}`)) records.prepend(row(record));
  }
  older.hidden = oldest <= ledger.first;
}

async function showOlder() {
  const from = Math.max(1, oldest - PAGE);
  const seen = await ask(`/records?first=${from}`);
  const before = (seen?.records ?? []).filter((record) => record.number < oldest);
  records.append(...before.reverse().map(row));
  oldest = from;
  older.hidden = from <= (seen?.first ?? 1);
}

function row(record) {
  const clock = record.clock_ms === null
    ? "not known"
    : new Date(record.clock_ms).toISOString().slice(0, 19).replace("T", " ");
  const name = record.kind === null ? "can't be read" : sentence(record.kind);
  const cells = [record.number, name, record.boot_count ?? "", uptime(record.uptime_ms), clock];
  return element(
    "tr", { id: `record-${record.number}`, class: record.kind === null ? "unreadable" : false },
    ...cells.map((cell, index) => element("td", { class: index === 1 ? "name" : false }, String(cell))),
    element("td", {}, ...said(record)),
  );
}

function said(record) {
  const body = Object.entries(record.body);
  if (record.kind === null) return [element("code", {}, record.record)];
  return body.filter(([, value]) => value !== null).map(([name, value]) => element(
    "span", { class: "pair" }, `${words(name)} `, element("b", { title: String(value) }, short(value)),
  ));
}

function short(value) {
  if (Array.isArray(value)) return value.map(short).join(", ") || "none";
  if (value === true) return "yes";
  if (value === false) return "no";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return /^[0-9a-f]{16,}$/.test(text) ? `${text.slice(0, SHORT)}…` : text.replaceAll("_", " ").toLowerCase();
}

function uptime(ms) {
  return ms === null ? "" : `${(ms / 1000).toFixed(1)} s`;
}
