// Closes what stands behind "More" when somebody turns away from it: Escape, or a touch elsewhere.
// Without this file it opens and closes by itself.

const more = document.getElementById("more");

if (more) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !more.open) return;
    more.open = false;
    more.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!more.contains(event.target)) more.open = false;
  });
}
