// Says when the page was last known to be what the server has, and greys it when that is long ago.
// A page with a stream hears beats and asks anew when its mark has changed; others ask all the time.

const STALE_AFTER_MS = 6000;
const ASK_AT_LEAST_MS = 60_000; // "14 min ago" grows old, too
const live = document.getElementById("live");
const refreshed = document.getElementById("refreshed");
let heard = performance.now();
let swapped = performance.now();
let asked = -ASK_AT_LEAST_MS;

function hear(now) {
  heard = performance.now();
  live.querySelector("time").textContent = now;
  show();
}

function show() {
  const stale = performance.now() - heard > STALE_AFTER_MS;
  if (live.classList.toggle("stale", stale) === document.body.classList.contains("stale")) return;
  document.body.classList.toggle("stale", stale);
  document.getElementById("stale").hidden = !stale;
  live.querySelector("span").textContent = stale ? live.dataset.stale : live.dataset.live;
}

function ask() {
  // One question at a time, and a lost one is asked again.
  if (performance.now() - asked < STALE_AFTER_MS / 2) return;
  asked = performance.now();
  refreshed.dispatchEvent(new Event("changed"));
}

document.addEventListener("htmx:after:swap", () => {
  const now = refreshed.querySelector("[data-now]")?.dataset.now;
  if (!now) return;
  swapped = performance.now();
  asked = -ASK_AT_LEAST_MS;
  hear(now);
});

let stream = null;

function listen() {
  stream = new EventSource(refreshed.dataset.events);
  stream.addEventListener("beat", (event) => {
    const { now, mark } = JSON.parse(event.data);
    const shown = refreshed.querySelector("[data-mark]")?.dataset.mark;
    // What is known to be old isn't called live before it was asked for anew.
    if (mark === shown) hear(now);
    if (mark !== shown || performance.now() - swapped > ASK_AT_LEAST_MS) ask();
  });
}

// A stream that begins before the page is loaded would keep it loading.
if (refreshed.dataset.events) {
  if (document.readyState === "complete") listen();
  else addEventListener("load", () => setTimeout(listen));
}

setInterval(() => {
  show();
  if (!stream) return;
  if (stream.readyState === EventSource.CLOSED) {
    // Refused: the list itself says why, or sends to the sign-in.
    ask();
    listen();
  }
}, 1000);
