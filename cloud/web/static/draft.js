// Marks the inputs that a violation names, and loads another protocol's own values.

const form = document.getElementById("draft");
const violations = () => document.getElementById("violations");

function mark() {
  const named = new Set([...violations().querySelectorAll("[data-input]")].map((n) => n.dataset.input));
  for (const input of form.querySelectorAll("input[inputmode]")) {
    if (named.has(input.name)) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}

document.getElementById("protocol").addEventListener("change", (event) => {
  event.stopPropagation();
  const { page } = event.target.dataset;
  location.assign(`${page}?protocol=${encodeURIComponent(event.target.value)}`);
});

// The page's own submit leaves for the desk; only typing asks for a preview.
new MutationObserver(mark).observe(form, { childList: true, subtree: true });
mark();
