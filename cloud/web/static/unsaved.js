// Says beside a form's button what in it was changed and isn't saved; of a form of several sections,
// which of them. Without a script the button stands there all the same.

const forms = [...document.querySelectorAll("form[data-unsaved]")];

function isChanged(each) {
  if (["checkbox", "radio"].includes(each.type)) return each.checked !== each.defaultChecked;
  if (each.tagName === "SELECT") return [...each.options].some((one) => one.selected !== one.defaultSelected);
  return each.value !== each.defaultValue;
}

function say(form) {
  const place = form.querySelector("[data-words]");
  if (!place) return;
  const fields = [...form.elements].filter((each) => each.name && each.type !== "hidden");
  const changed = fields.filter(isChanged).map((each) => each.closest("section").querySelector("h2").textContent);
  const words = changed.length ? place.dataset.words.replace("{sections}", [...new Set(changed)].join(", ")) : place.dataset.none;
  if (place.textContent !== words) place.textContent = words;
  place.classList.toggle("changed", changed.length > 0);
}

for (const form of forms) {
  form.addEventListener("input", () => say(form));
  say(form);
}
// The browser's way back, and what was kept over a sign-in, fill a form in without a word.
addEventListener("pageshow", () => forms.forEach(say));
