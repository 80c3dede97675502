// Draws the firmware's own table of states, the present one lit. The table comes from the band.

import { ask, drawn, element, sentence } from "./api.js";

const PLACES = {
  UNPROVISIONED: [110, 44], IDLE: [380, 44], UPDATING: [650, 44],
  PRACTICE: [110, 142], ARMED: [380, 142], SELF_TESTING: [650, 142],
  REPOSITIONING: [110, 240], STIMULATING: [380, 240], PAUSED: [650, 240],
  CLOSING: [380, 338], FAULT: [650, 338],
};
const WIDTH = 152;
const HEIGHT = 42;
// Edges that would run through a state between their ends are bent around it.
const BENDS = {
  "CLOSING>IDLE": 210, "ARMED>CLOSING": 196,
  "REPOSITIONING>PAUSED": 66, "PAUSED>REPOSITIONING": -66,
  "UNPROVISIONED>UPDATING": -58, "UPDATING>UNPROVISIONED": 82,
};

let table = null;
let present = "";
let last = null;
const edges = new Map();
const nodes = new Map();

export async function buildMachine() {
  table = await ask("/machine");
  if (table === null) return;
  const drawing = drawn("svg", { viewBox: "0 -18 760 390", role: "img", "aria-label": "State machine" });
  drawing.append(arrowheads());
  for (const edge of table.edges) drawing.append(drawEdge(edge));
  table.states.forEach((state, index) => drawing.append(drawNode(state, index)));
  document.getElementById("graph").replaceChildren(drawing);
}

function placeOf(state, index = 0) {
  return PLACES[state] ?? [110 + 180 * (index % 4), 338];
}

function drawNode(state, index) {
  const [x, y] = placeOf(state, index);
  const node = drawn(
    "g", { class: "node" },
    drawn("rect", { x: x - WIDTH / 2, y: y - HEIGHT / 2, width: WIDTH, height: HEIGHT, rx: 12 }),
    drawn("text", { x, y: y + 5 }, sentence(state)),
  );
  nodes.set(state, node);
  return node;
}

function drawEdge(edge) {
  const path = drawn(
    "path", { class: "edge", d: curve(edge.before, edge.after) },
    drawn("title", {}, `${sentence(edge.before)} to ${sentence(edge.after)}: ${edge.events.map(sentence).join(", ")}`),
  );
  if (edge.after === "FAULT") path.classList.add("to-fault");
  edges.set(`${edge.before}>${edge.after}`, path);
  return path;
}

function curve(before, after) {
  const [x0, y0] = placeOf(before);
  const [x1, y1] = placeOf(after);
  const length = Math.hypot(x1 - x0, y1 - y0);
  const bend = BENDS[`${before}>${after}`] ?? 12;
  const middle = [(x0 + x1) / 2 - (y1 - y0) / length * bend, (y0 + y1) / 2 + (x1 - x0) / length * bend];
  const from = border([x0, y0], middle);
  const to = border([x1, y1], middle);
  return `M ${from} Q ${middle.map(Math.round)} ${to}`;
}

// Where the line from a state's middle towards a point leaves its box.
function border([x, y], [towardsX, towardsY]) {
  const across = towardsX - x;
  const down = towardsY - y;
  const scale = Math.min(
    across === 0 ? Infinity : (WIDTH / 2 + 3) / Math.abs(across),
    down === 0 ? Infinity : (HEIGHT / 2 + 3) / Math.abs(down),
  );
  return [Math.round(x + across * scale), Math.round(y + down * scale)];
}

function arrowheads() {
  return drawn("defs", {}, ...["faint", "open", "taken"].map((kind) => drawn(
    "marker",
    { id: `head-${kind}`, class: kind, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    drawn("path", { d: "M 0 0 L 8 4 L 0 8 Z" }),
  )));
}

export function noteEvent(event) {
  last = event;
  showLast();
}

export function showMachine(state) {
  if (table === null || state === present) return;
  const before = present;
  present = state;
  for (const [name, node] of nodes) node.classList.toggle("present", name === state);
  for (const [name, path] of edges) {
    const [from, to] = name.split(">");
    path.classList.toggle("open", from === state);
    path.classList.toggle("taken", from === before && to === state);
  }
  showLast();
  showFromHere();
}

function showLast() {
  if (last === null) return;
  const leads = last.state === present ? "" : `, to ${sentence(present)}`;
  document.getElementById("last-event").textContent =
    `Last event: ${sentence(last.event)}, in ${sentence(last.state)}${leads}.`;
}

function showFromHere() {
  const leaving = table.edges.filter((edge) => edge.before === present);
  const refused = table.refused[present] ?? [];
  document.getElementById("from-here").replaceChildren(
    element("ul", {}, ...leaving.map((edge) => element(
      "li", {}, element("strong", {}, `To ${sentence(edge.after)}`), ` by ${edge.events.map(sentence).join(", ")}`,
    ))),
    element("p", { class: "soft small" }, refused.length
      ? `Refused here: ${refused.map(sentence).join(", ")}.`
      : "Nothing is refused here."),
  );
}
