// Elements of the page, made from plain data. Text goes in as text, never as markup.

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
      return element("mark", { class: "unsafe", title: "Invisible or misleading character" }, part.text);
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
    said.warnings.map((warning) => notice("wait", warning.title, warning.text)),
    figures(said.figures),
    element("div", { class: "sections" }, said.sections.map(section)),
    bytesShown,
    element(
      "label",
      { class: "confirm", for: id },
      element("input", { type: "checkbox", id, on: { change: confirmed } }),
      element("span", {}, "I have read this, and it is what I mean to sign."),
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
    element("summary", {}, `The ${data.length} bytes themselves`),
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

function section({ heading, rows, columns, lines }) {
  const body = rows ? element("dl", {}, rows.map(pair)) : table(columns, lines);
  return element("section", { class: "section" }, element("h3", {}, heading), body);
}

function pair({ label, value, marked }) {
  return element("div", { class: marked ? "pair marked" : "pair" }, [
    element("dt", {}, label),
    element("dd", {}, shown(value)),
  ]);
}

function table(columns, lines) {
  const head = columns.map((name) => element("th", { scope: "col" }, name));
  const body = lines.map(([first, ...rest]) =>
    element("tr", {}, element("th", { scope: "row" }, first), rest.map((cell) => element("td", {}, cell))),
  );
  return element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, body));
}
