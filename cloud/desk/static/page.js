// Elements of the page, made from plain data. Text goes in as text, never as markup.

import { t } from "./language.js";

export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "on") for (const [event, act] of Object.entries(value)) made.addEventListener(event, act);
    else if (value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat());
  return made;
}

// Pieces of text: {text, unsafe, code}; what is unsafe is an escape and looks like one.
export function shown(parts) {
  return parts.map((part) => {
    if (part.unsafe) {
      return element("mark", { class: "unsafe", title: t("Invisible or misleading character") }, part.text);
    }
    return part.code ? element("code", {}, part.text) : element("bdi", {}, part.text);
  });
}

export function statementCard(said, place, bytesShown, confirmed) {
  const id = `read-${place}`;
  return element(
    "article",
    { class: "card statement", "aria-labelledby": `title-${place}` },
    element(
      "header",
      { class: "statement-head" },
      element("h2", { id: `title-${place}` }, shown(said.title)),
      element("span", { class: "chip" }, said.serial),
    ),
    element("p", { class: "says" }, said.says),
    changesOf(said),
    said.warnings.map((warning) => notice("wait", warning.title, warning.text)),
    figures(said.figures),
    element("div", { class: "sections" }, said.sections.map(section)),
    bytesShown,
    element(
      "label",
      { class: "confirm", for: id },
      element("input", { type: "checkbox", id, on: { change: confirmed } }),
      element("span", {}, t("I have read this, and it is what I mean to sign.")),
    ),
  );
}

export function notice(tone, title, text) {
  return element("div", { class: `notice ${tone}`, role: tone === "stop" ? "alert" : "note" }, [
    element("strong", {}, title),
    element("p", {}, text),
  ]);
}

export function bytesOf(data, digest) {
  return element(
    "details",
    { class: "bytes" },
    element("summary", {}, t("The {count} bytes themselves", { count: data.length })),
    element("p", { class: "small" }, "SHA-256 ", element("code", {}, digest)),
    element("code", { class: "block" }, Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join(" ")),
  );
}

export function button(label, act, { id, second = false, disabled = false } = {}) {
  const look = second ? "button second" : "button";
  return element("button", { type: "button", class: look, id, disabled, on: { click: act } }, label);
}

function figures(items) {
  if (items.length === 0) return [];
  const made = items.map(({ value, label }) =>
    element("div", { class: "figure" }, [
      element("span", { class: "figure-value" }, value),
      element("span", { class: "figure-label" }, label),
    ]),
  );
  return element("div", { class: "figures" }, made);
}

// What changes, first and in one list; each line is marked once more where it stands.
function changesOf({ changes, against, times }) {
  if (changes === undefined) return [];
  if (against === null) {
    return notice("wait", t("Not compared"), t("The clinic's page did not bring the version that this one replaces. Read all of it."));
  }
  if (changes.length === 0) return element("p", { class: "same" }, t("Nothing changes against {version} but its own times and numbers.", { version: against }));
  return element(
    "div",
    { class: "changes" },
    element("h3", {}, t("What changes against {version}", { version: against })),
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ["", "Before", "Now"].map((name) => element("th", { scope: "col" }, name && t(name))))),
      element("tbody", {}, changes.map(change)),
    ),
    element("p", { class: "small" }, t("Read from the bytes of that version, whose hash this one names. {count} more of its own times and numbers differ and are marked below.", { count: times })),
  );
}

const change = ({ label, before, after }) =>
  element(
    "tr",
    {},
    element("th", { scope: "row" }, label),
    element("td", {}, before === null ? t("not said") : shown(before)),
    element("td", { class: "now" }, after === null ? t("no longer said") : shown(after)),
  );

function section({ heading, rows, columns, lines, changed }) {
  const body = rows ? element("dl", {}, rows.map(pair)) : table(columns, lines, changed);
  return element("section", { class: "section" }, element("h3", {}, heading), body);
}

function pair({ label, value, marked, changed, before }) {
  const look = ["pair", ...(marked ? ["marked"] : []), ...(changed ? ["changed"] : [])].join(" ");
  const was = changed ? element("span", { class: "was" }, t("before:"), " ", before ? shown(before) : t("not said")) : [];
  return element("div", { class: look }, [
    element("dt", {}, label),
    element("dd", {}, value === null ? t("no longer said") : shown(value), was),
  ]);
}

function table(columns, lines, changed) {
  const look = (at, column) => (changed?.[at]?.[column] ? { class: "now" } : {});
  const head = columns.map((name) => element("th", { scope: "col" }, name));
  const body = lines.map(([first, ...rest], at) =>
    element(
      "tr",
      {},
      element("th", { scope: "row", ...look(at, 0) }, first),
      rest.map((cell, column) => element("td", look(at, column + 1), cell)),
    ),
  );
  return element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, body));
}
