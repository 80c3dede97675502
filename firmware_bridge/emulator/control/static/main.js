// Builds the page, then keeps it true by the band's stream of events.

import { buildBand, showBand } from "./band.js";
import { buildFaults, showFaults } from "./faults.js";
import { showFlash } from "./flash.js";
import { buildLedger, showLedger } from "./ledger.js";
import { buildMachine, noteEvent, showMachine } from "./machine.js";
import { buildMessages, showMessage } from "./messages.js";

const live = document.getElementById("live");
let head = -1;
let slow = "";

function seen(state) {
  showBand(state);
  showMachine(state.state);
  if (state.ledger.head !== head) {
    head = state.ledger.head;
    showLedger(state.ledger);
    showFlash();
  }
  // Faults strike and end by themselves: look again whenever something that they may change differs.
  const now = JSON.stringify([state.state, state.connected, state.boots.length, state.status.contact, state.status.position_ok]);
  if (now !== slow) {
    slow = now;
    showFaults();
  }
  live.textContent = `Live, ${new Date().toLocaleTimeString("en-GB")}`;
  live.classList.remove("stale");
}

function listen() {
  const events = new EventSource("/events");
  events.addEventListener("state", (event) => seen(JSON.parse(event.data)));
  events.addEventListener("message", (event) => showMessage(JSON.parse(event.data)));
  events.addEventListener("event", (event) => noteEvent(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    live.textContent = live.textContent.replace("Live,", "Not connected, last seen");
    live.classList.add("stale");
  });
}

buildBand();
buildLedger();
await Promise.all([buildMachine(), buildMessages(), buildFaults()]);
listen();
