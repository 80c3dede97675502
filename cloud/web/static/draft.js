// Marks the inputs that a violation names, loads another protocol's own values, and keeps what was
// typed in this tab until it went to the desk: a sign-in that ended takes no draft with it.

const form = document.getElementById("draft");
const kept = document.getElementById("kept");
const key = `draft/${form.dataset.keep}`;
const violations = () => document.getElementById("violations");
const typed = () => [...form.elements].filter((each) => each.name && each.type !== "hidden");

function mark() {
  const named = new Set([...violations().querySelectorAll("[data-input]")].map((n) => n.dataset.input));
  for (const input of form.querySelectorAll("input[inputmode], input[type=date]")) {
    if (named.has(input.name)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

function keep() {
  const values = typed().map((each) => [each.name, each.type === "checkbox" ? each.checked : each.value]);
  sessionStorage.setItem(key, JSON.stringify(values));
}

function bringBack() {
  const found = JSON.parse(sessionStorage.getItem(key) ?? "[]");
  const protocol = found.find(([name]) => name === "protocol_id");
  if (!protocol) return;
  if (protocol[1] !== form.elements.protocol_id.value) {
    if (!location.search) show(protocol[1]);
    return;
  }
  let differs = false;
  for (const [name, value] of found) {
    const input = form.elements[name];
    if (!input || name === "output_step_meant") continue;
    const is = input.type === "checkbox" ? "checked" : "value";
    if (input[is] !== value) [input[is], differs] = [value, true];
  }
  if (!differs) return;
  kept.hidden = false;
  window.htmx.ajax("POST", form.getAttribute("hx-post"), { source: form, target: "#consequences" });
}

function show(protocol) {
  const { page } = form.elements.protocol_id.dataset;
  location.assign(`${page}?protocol=${encodeURIComponent(protocol)}`);
}

form.elements.protocol_id.addEventListener("change", (event) => {
  event.stopPropagation();
  sessionStorage.removeItem(key);
  show(event.target.value);
});
form.addEventListener("input", keep);
document.getElementById("afresh").addEventListener("click", () => {
  sessionStorage.removeItem(key);
  location.assign(form.elements.protocol_id.dataset.page);
});
form.addEventListener("click", (event) => {
  if (event.target.id === "cancel") sessionStorage.removeItem(key);
});

// A script shows the preview by itself; the button is for pages without one, and for Enter.
document.getElementById("preview").hidden = true;
// The page's own submit leaves for the desk; only typing asks for a preview.
new MutationObserver(mark).observe(form, { childList: true, subtree: true });
if (form.dataset.fresh === "yes") window.addEventListener("load", bringBack);
mark();
