// The picture of the band, its button, and how things stand. Not for deciding anything.

import { ask, drawn, element, sentence } from "./api.js";

const HEADLINES = {
  UNPROVISIONED: "The band belongs to nobody yet",
  IDLE: "The band rests",
  ARMED: "The band is ready to start",
  STIMULATING: "The band stimulates",
  PAUSED: "The session is paused",
  REPOSITIONING: "The coil is to be moved",
  CLOSING: "The session ends",
  PRACTICE: "Practice, without a pulse",
  SELF_TESTING: "The band checks itself",
  FAULT: "The band is out of service",
  UPDATING: "The band takes another firmware",
};
const LIGHTS = new Set(["white", "green", "amber", "red", "blue"]);
const SHORT = 9;

const picture = document.getElementById("picture");
const press = document.getElementById("press");
let held = false;

const display = drawn("text", { class: "display-text", x: 180, y: 184 });
const light = drawn("circle", { class: "light", cx: 180, cy: 128, r: 7 });
const coil = drawn(
  "g", { class: "coil" },
  drawn("circle", { cx: 76, cy: 112, r: 27 }),
  drawn("circle", { cx: 106, cy: 66, r: 27 }),
);
const knob = drawn(
  "g", { class: "knob" },
  drawn("circle", { class: "ring", cx: 287, cy: 92, r: 25 }),
  drawn("circle", { class: "cap", cx: 287, cy: 92, r: 17 }),
);
const title = drawn("title");

export function buildBand() {
  picture.append(drawn(
    "svg", { viewBox: "0 0 360 222", role: "img" },
    title,
    drawn("path", { class: "strap", d: "M 48 190 A 134 134 0 0 1 312 190" }),
    coil, knob, light,
    drawn("rect", { class: "display", x: 88, y: 146, width: 184, height: 60, rx: 12 }),
    display,
  ));
  holdBy(press);
  holdBy(knob);
  for (const [key, on] of [["keydown", true], ["keyup", false]]) {
    press.addEventListener(key, (event) => {
      if (event.key !== " " && event.key !== "Enter") return;
      event.preventDefault();
      finger(on);
    });
  }
  press.addEventListener("blur", () => finger(false));
  document.getElementById("drop").addEventListener("click", () => ask("/drop", "POST", {}));
  document.getElementById("advertise").addEventListener("click", () => ask("/advertise", "POST", {}));
}

function holdBy(target) {
  target.addEventListener("pointerdown", (event) => {
    target.setPointerCapture(event.pointerId);
    finger(true);
  });
  for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
    target.addEventListener(end, () => finger(false));
  }
}

// The answer to a press comes when the finger has let go: it isn't awaited here.
function finger(down) {
  if (down === held) return;
  held = down;
  press.classList.toggle("held", down);
  knob.classList.toggle("held", down);
  press.textContent = down ? "Held: let go" : "Press the band's button";
  ask("/button", "POST", { down });
}

export function showBand(state) {
  const status = state.status;
  document.getElementById("headline").textContent = HEADLINES[state.state] ?? sentence(state.state);
  document.getElementById("subline").textContent = subline(state);
  document.title = `${state.display}: Circlet emulator`;
  display.textContent = state.display;
  display.classList.toggle("long", state.display.length > SHORT);
  light.setAttribute("class", `light ${LIGHTS.has(state.light) ? state.light : "off"}`);
  coil.classList.toggle("firing", status.firing);
  coil.classList.toggle("off", !status.contact);
  title.textContent = `The band: display ${state.display}, light ${state.light}`;
  const facts = [
    ["Display", state.display],
    ["Light", state.light],
    ["Phone", state.connected ? "on the link" : "none"],
    ["Bonds", `${state.bonds}${state.pairing_open ? ", pairing is open" : ""}`],
    ["Contact", status.contact ? "the coil touches the head" : "none"],
    ["Place", status.position_ok ? "where it was put" : "slipped"],
    ["Coil", `${status.coil_temperature_c} °C`],
    ["Battery", `${status.battery_percent} %`],
    ["Motion", `${status.motion_mg} mg`],
    ["Pulses", pulses(state)],
    ["Firmware", `${state.firmware}, boot ${state.boots.length} by ${words(state)}`],
  ];
  document.getElementById("facts").replaceChildren(
    ...facts.map(([name, value]) => element(
      "div", { class: warns(name, status) ? "warns" : false },
      element("dt", {}, name), element("dd", {}, value),
    )),
  );
  showReasons(state.reasons);
}

const words = (state) => state.boots.at(-1).cause.toLowerCase().replaceAll("_", " ");

function warns(name, status) {
  return (name === "Contact" && !status.contact) || (name === "Place" && !status.position_ok);
}

function subline(state) {
  const status = state.status;
  const course = status.train === null ? "" : `Train ${status.train} of ${status.trains}. `;
  const link = state.connected ? "A phone is on the link" : "No phone is on the link";
  return `${course}${link}; battery ${status.battery_percent} %, coil ${status.coil_temperature_c} °C.`;
}

function pulses(state) {
  const status = state.status;
  const fired = `${state.coil.fired_total} fired in its life`;
  if (status.charged_pulses === null) return fired;
  return `${status.charged_pulses} of ${status.planned_pulses} charged; ${fired}`;
}

function showReasons(reasons) {
  const list = document.getElementById("reasons");
  if (!reasons.length) {
    list.replaceChildren(element("li", {}, element("span", { class: "badge ok" }, "permitted"), " Nothing locks."));
    return;
  }
  list.replaceChildren(...reasons.map((reason) => element(
    "li", {}, element("span", { class: "badge wait" }, sentence(reason.code)), ` ${reason.words}`,
  )));
}
