// The messages on the link, newest first, as the band tells them in words.

import { ask, element } from "./api.js";

const MOST = 120;
const QUIET = /^(Status|Sample)|its beat|answers beat/;

const log = document.getElementById("log");
const all = document.getElementById("all-messages");

export async function buildMessages() {
  const kept = await ask("/messages");
  all.addEventListener("change", () => log.classList.toggle("all", all.checked));
  log.replaceChildren(element("li", { class: "none soft" }, "No request yet."));
  for (const message of kept?.messages ?? []) showMessage(message);
}

export function showMessage(message) {
  const quiet = message.tone === "plain" && QUIET.test(message.words);
  if (!quiet) log.querySelector(".none")?.remove();
  log.prepend(element(
    "li", { class: `${message.by} ${message.tone}${quiet ? " quiet-message" : ""}` },
    element("time", {}, clock(message.at_ms)),
    element("span", { class: "badge who" }, message.by === "phone" ? "Phone" : "Band"),
    element("span", { class: "words" }, message.words),
    element("details", {},
      element("summary", {}, `${message.size_bytes} bytes`),
      element("code", {}, message.message)),
  ));
  while (log.children.length > MOST) log.lastElementChild.remove();
}

function clock(ms) {
  const seconds = ms / 1000;
  const minutes = Math.floor(seconds / 60);
  return `${minutes}:${(seconds - minutes * 60).toFixed(1).padStart(4, "0")}`;
}
