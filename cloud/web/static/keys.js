// Keys of the list: j and k move, Enter opens, n enrols.

let chosen = null;

function rows() {
  return [...document.querySelectorAll("tr[data-patient]")];
}

function choose(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.dataset.patient === chosen);
  const next = Math.min(all.length - 1, Math.max(0, at + step));
  chosen = all[next].dataset.patient;
  mark();
  all[next].scrollIntoView({ block: "nearest" });
}

function mark() {
  for (const row of rows()) row.classList.toggle("chosen", row.dataset.patient === chosen);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "j") choose(1);
  else if (event.key === "k") choose(-1);
  else if (event.key === "n") document.getElementById("enrol").click();
  else if (event.key === "Enter" && event.target === document.body && chosen)
    document.querySelector(`tr[data-patient="${chosen}"] a`).click();
});

new MutationObserver(mark).observe(document.getElementById("refreshed"), { childList: true, subtree: true });
