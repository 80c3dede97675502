// Closes what hangs over the page ("More", the views of the list, more acts for a patient) when
// somebody turns away from it: Escape, or a touch elsewhere. Without this file it opens and closes
// by itself.

const open = () => document.querySelector("details:is(.more, .keep, .acts)[open]");

document.addEventListener("keydown", (event) => {
  const hanging = open();
  if (event.key !== "Escape" || !hanging) return;
  hanging.open = false;
  hanging.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const hanging = open();
  if (hanging && !hanging.contains(event.target)) hanging.open = false;
});
