// Buttons and a form for the faults, from the band's own table; what stands, is placed, has struck.

import { ask, element, sentence, words } from "./api.js";

const byId = (id) => document.getElementById(id);
let table = null;

export async function buildFaults() {
  table = await ask("/faults");
  if (table === null) return;
  const places = [...new Set(table.faults.map((fault) => fault.where))];
  byId("fault-groups").replaceChildren(...places.map(group));
  byId("fault-name").replaceChildren(...places.map((where) => element(
    "optgroup", { label: sentence(where) },
    ...of(where).map((fault) => element("option", { value: fault.name }, words(fault.name))),
  )));
  byId("event").replaceChildren(...table.events.map((event) => element("option", { value: event.name }, event.words)));
  byId("fault-name").addEventListener("change", chosen);
  byId("event").addEventListener("change", kinds);
  byId("when").addEventListener("change", moment);
  byId("place").addEventListener("submit", place);
  byId("all-sound").addEventListener("click", () => changed("/placements", "DELETE"));
  chosen();
  kinds();
  moment();
  await showFaults();
}

const of = (where) => table.faults.filter((fault) => fault.where === where);
const named = (name) => table.faults.find((fault) => fault.name === name);

function group(where) {
  const buttons = of(where).map((fault) => {
    const asks = fault.usual === null && !fault.or_none;
    const button = element("button", {
      type: "button", title: fault.meaning, "data-fault": fault.name, class: asks ? "asks" : false,
    }, words(fault.name));
    button.addEventListener("click", () => strike(fault, button, asks));
    return button;
  });
  return element(
    "div", { class: "group", role: "group", "aria-label": sentence(where) },
    element("span", { class: "soft", "aria-hidden": "true" }, sentence(where)),
    element("div", { class: "buttons" }, ...buttons),
  );
}

function strike(fault, button, asks) {
  if (button.getAttribute("aria-pressed") === "true") return changed(`/faults/${fault.name}`, "DELETE");
  if (!asks) return changed("/fault", "POST", { [fault.name]: fault.usual });
  byId("fault-name").value = fault.name;
  chosen();
  byId("value-input").firstElementChild?.focus();
  return null;
}

// A value is asked for by its kind.
function chosen() {
  const fault = named(byId("fault-name").value);
  byId("fault-meaning").textContent = `${sentence(fault.name)}: ${fault.meaning}. Takes ${fault.wanted}; ${fault.lasts}.`;
  const inputs = {
    flag: () => select(["true", "false"], String(fault.usual)),
    integer: () => element("input", {
      type: "number", min: fault.least, max: fault.most, value: fault.usual ?? "", required: !fault.or_none,
      placeholder: fault.or_none ? `empty ${fault.or_none}` : `${fault.least} to ${fault.most}`,
    }),
    page: () => element("input", { type: "text", required: true }),
  };
  byId("value-label").hidden = fault.kind === "happens";
  byId("value-input").replaceChildren(...(inputs[fault.kind] ? [inputs[fault.kind]()] : []));
}

function select(values, present) {
  return element("select", {}, ...values.map((value) => element("option", { selected: value === present }, value)));
}

function kinds() {
  const event = table.events.find((each) => each.name === byId("event").value);
  byId("of").replaceChildren(
    element("option", { value: "" }, "any"),
    ...event.of.map((kind) => element("option", { value: kind }, words(kind))),
  );
}

function moment() {
  for (const label of document.querySelectorAll("[data-when]")) {
    label.hidden = !label.dataset.when.split(" ").includes(byId("when").value);
  }
}

function place(event) {
  event.preventDefault();
  const fault = named(byId("fault-name").value);
  const asked = { fault: fault.name, value: valueOf(fault) };
  const when = byId("when").value;
  if (when === "in") asked.in_ms = Number(byId("in-ms").value);
  if (when === "event" || when === "chance") {
    asked.event = byId("event").value;
    if (byId("of").value) asked.of = byId("of").value;
  }
  if (when === "event") asked.nth = Number(byId("nth").value);
  if (when === "chance") asked.probability = Number(byId("probability").value);
  if (byId("for-ms").value) asked.for_ms = Number(byId("for-ms").value);
  changed("/placements", "POST", asked);
}

function valueOf(fault) {
  const text = byId("value-input").firstElementChild?.value;
  if (fault.kind === "happens") return true;
  if (fault.kind === "flag") return text === "true";
  if (fault.kind === "page") return text;
  return text === "" ? null : Number(text);
}

async function changed(path, method, body = undefined) {
  if (await ask(path, method, body) !== null) await showFaults();
}

export async function showFaults() {
  if (table === null) return;
  const [faults, placements] = await Promise.all([ask("/faults"), ask("/placements")]);
  if (faults === null || placements === null) return;
  for (const button of document.querySelectorAll("[data-fault]")) {
    const name = button.dataset.fault;
    const stands = Object.hasOwn(faults.standing, name);
    button.setAttribute("aria-pressed", String(stands));
    button.textContent = stands ? `${words(name)}: ${faults.standing[name]}` : words(name);
  }
  fill("placed", placements.placed.map(placed), "Nothing is placed.");
  fill("struck", placements.struck.slice(-8).reverse().map(struck), "Nothing placed has struck.");
}

function fill(id, items, none) {
  byId(id).replaceChildren(...(items.length ? items : [element("li", { class: "soft" }, none)]));
}

function placed(each) {
  const remove = element("button", { type: "button", class: "quiet" }, "Remove");
  remove.addEventListener("click", () => changed(`/placements/${each.number}`, "DELETE"));
  return element("li", { class: "line" }, `${words(each.fault)} ${each.value}, ${whenOf(each)}`, remove);
}

function whenOf(each) {
  const lasting = each.for_ms === null ? "" : ` for ${each.for_ms} ms`;
  if (each.event === null) return `at ${each.at_ms} ms${lasting}`;
  const event = each.of ? `${words(each.event)} (${words(each.of)})` : words(each.event);
  return each.probability === null
    ? `at ${event} no. ${each.nth}${lasting}`
    : `at each ${event} with ${each.probability}${lasting}`;
}

function struck(each) {
  return element("li", {}, `${words(each.fault)} ${each.value}, at ${each.at_ms} ms`);
}
