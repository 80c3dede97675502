// Asks before an alert is acknowledged: whose it is, and that there is no way back. Without a script
// the button itself acknowledges.

const dialog = document.getElementById("acknowledge");
const CARRIED = ["alert", "back"];

export function askToAcknowledge(action, who, what, carried) {
  const form = dialog.querySelector("form");
  form.action = action;
  for (const [name, value] of Object.entries(carried)) form.elements[name].value = value;
  document.getElementById("acknowledge-who").textContent = who;
  document.getElementById("acknowledge-what").textContent = what;
  dialog.showModal();
  form.querySelector("button").focus();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.acknowledge === undefined) return;
  event.preventDefault();
  const carried = Object.fromEntries(CARRIED.map((name) => [name, form.elements[name]?.value ?? ""]));
  askToAcknowledge(form.action, form.dataset.who, form.dataset.acknowledge, carried);
});
