// Says when the page was refreshed last, and greys it when that is long ago.

const STALE_AFTER_MS = 6000;
const live = document.getElementById("live");
const refreshed = document.getElementById("refreshed");
let last = performance.now();

document.addEventListener("htmx:after:swap", () => {
  const now = refreshed.querySelector("[data-now]")?.dataset.now;
  if (!now) return;
  last = performance.now();
  live.querySelector("time").textContent = now;
});

setInterval(() => {
  const stale = performance.now() - last > STALE_AFTER_MS;
  live.classList.toggle("stale", stale);
  live.querySelector("span").textContent = stale ? "Not live since" : "Live";
}, 1000);
