// Keeps what was typed into a form in this tab when the sign-in ended before it was sent, and brings
// it back when the same person opens the form again; also when no server answered and they go back.
// Nothing is kept once a form was answered. The prescribing page keeps its own draft: draft.js.

const PREFIX = "form/";
const HOUR_MS = 3_600_000;
const who = document.body.dataset.who;
const notice = document.getElementById("kept-form");
// Every page that the server sends takes away what wasn't lost: who comes back to a form by the
// browser's own way back and still finds it here had no answer.
const cameBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const forms = [...document.querySelectorAll('main form[method="post"]:not(#draft)')];
const typed = (form) =>
  [...form.elements].filter((each) => each.name && !["hidden", "file", "password"].includes(each.type));
const keyOf = (form) => PREFIX + new URL(form.action).pathname;
const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));

function keep(form) {
  const values = typed(form).map(({ name, value, type, checked }) => [name, value, type, checked]);
  if (!values.length) return;
  const kept = { who, at: Date.now(), lost: false, values };
  sessionStorage.setItem(keyOf(form), JSON.stringify(kept));
}

function bringBack(form, values) {
  const left = [...values];
  for (const input of typed(form)) {
    const toggles = ["checkbox", "radio"].includes(input.type);
    const at = left.findIndex(
      ([name, value]) => name === input.name && (!toggles || value === input.value),
    );
    if (at < 0) continue;
    // Fields of one name come back in their order.
    const [found] = left.splice(at, 1);
    if (toggles) input.checked = found[3];
    else input.value = found[1];
  }
}

// What was sent, and found nobody signed in any more, is wanted back.
export function lose() {
  for (const key of keys()) {
    const kept = JSON.parse(sessionStorage.getItem(key));
    sessionStorage.setItem(key, JSON.stringify({ ...kept, lost: true }));
  }
}

if (document.getElementById("signed-out")) {
  lose();
} else if (who) {
  for (const key of keys()) {
    const kept = JSON.parse(sessionStorage.getItem(key));
    const form = forms.find((each) => keyOf(each) === key);
    const wanted = kept.lost || cameBack;
    const alive = wanted && kept.who === who && Date.now() - kept.at < HOUR_MS;
    if (alive && form) {
      bringBack(form, kept.values);
      (kept.lost ? notice : document.getElementById("unanswered")).hidden = false;
    }
    if (!alive || form) sessionStorage.removeItem(key);
  }
  for (const form of forms) form.addEventListener("submit", () => keep(form));
  document.querySelector("form.who")?.addEventListener("submit", () => sessionStorage.clear());
}
