// The timeline's one axis: zooms and moves all lanes together, and says what was on a day.
// Everything drawn carries its place in days (data-d) and its length (data-w); the server drew it
// for the whole window, and without this script the links to other windows do.

const LEAST_DAYS = 3;
const LETTER = 7.6;
const host = document.getElementById("timeline");
const view = { from: 0, to: 0, day: 0, window: "" };
let parts = null;

function found() {
  const lanes = host.querySelector("#lanes");
  if (!lanes) return null;
  const plots = [...lanes.querySelectorAll("svg.plot")];
  return {
    lanes,
    plots,
    days: Number(lanes.dataset.days),
    names: [...host.querySelectorAll("#days li")].map((each) => each.textContent),
    range: lanes.querySelector("#day"),
    output: lanes.querySelector("#of-day"),
    lines: plots.map(crosshair),
  };
}

function crosshair(plot) {
  const line = document.createElementNS(plot.namespaceURI, "line");
  line.setAttribute("class", "crosshair");
  line.setAttribute("y1", "0");
  const dates = plot.closest(".axis");
  line.setAttribute("y2", dates ? "8" : plot.getAttribute("height"));
  // Behind all that is written.
  const ground = [...plot.querySelectorAll(":scope > rect")].pop();
  if (ground) ground.after(line);
  else plot.append(line);
  return line;
}

function width() {
  return parts.plots[0].clientWidth || 1124;
}

function draw() {
  const across = width();
  const step = across / (view.to - view.from);
  const x = (day) => (day - view.from) * step;
  for (const plot of parts.plots) {
    plot.setAttribute("viewBox", `0 0 ${across} ${plot.getAttribute("height")}`);
    for (const each of plot.querySelectorAll("[data-d]")) place(each, x, step);
    for (const each of plot.querySelectorAll("[data-points]")) {
      const points = each.dataset.points.split(" ").map((one) => one.split(","));
      each.setAttribute("points", points.map(([at, y]) => `${x(Number(at)).toFixed(1)},${y}`).join(" "));
    }
    label(plot, x, across);
  }
  for (const plot of parts.plots) date(plot, x, across);
  const at = x(view.day + 0.5).toFixed(1);
  for (const line of parts.lines) {
    line.setAttribute("x1", at);
    line.setAttribute("x2", at);
  }
  parts.lanes.dataset.from = view.from;
  parts.lanes.dataset.to = view.to;
}

function place(each, x, step) {
  const at = Number(each.dataset.d);
  const days = Number(each.dataset.w || 0);
  if (each.tagName === "line") {
    each.setAttribute("x1", x(at).toFixed(1));
    each.setAttribute("x2", x(at + days).toFixed(1));
    return;
  }
  each.setAttribute("transform", `translate(${x(at).toFixed(1)} 0)`);
  if (each.classList.contains("tick")) return;
  const bar = each.querySelector("rect.bar");
  if (bar) {
    const wide = Math.max(1.5, Math.min(24, step * 0.6 * days));
    bar.setAttribute("x", (-wide / 2).toFixed(1));
    bar.setAttribute("width", wide.toFixed(1));
  }
  each.querySelector("rect.span")?.setAttribute("width", Math.max(3, days * step).toFixed(1));
}

// A label that would cover another is left out, the last one never: as the server does it.
function label(plot, x, across) {
  let free = across + 8;
  let any = false;
  const marks = [...plot.querySelectorAll("g.mark")].reverse();
  marks.forEach((mark, index) => {
    const at = x(Number(mark.dataset.d));
    const text = mark.querySelector("text");
    if (at < 0 || at > across) return;
    if (!text) {
      if (!mark.querySelector("rect.bar")) free = Math.min(free, at - 8);
      return;
    }
    const long = text.textContent.length * LETTER;
    const { before, left, right } = put(text, at, long, across);
    const earlier = marks[index + 1];
    const blocked = before && earlier && x(Number(earlier.dataset.d)) > left;
    const crowded = blocked || left < -8 || (right > free && any);
    text.classList.toggle("crowded", crowded);
    if (!crowded) free = left - 8;
    any = true;
  });
}

// A day beneath the lanes stands only where the one before it has ended.
function date(plot, x, across) {
  let free = 0;
  for (const tick of plot.querySelectorAll("g.tick")) {
    const at = x(Number(tick.dataset.d));
    const text = tick.querySelector("text");
    const long = text.textContent.length * LETTER;
    const before = at + long > across;
    const left = before ? at - long : at;
    const crowded = left < free;
    text.setAttribute("text-anchor", before ? "end" : "start");
    text.classList.toggle("crowded", crowded);
    if (at >= 0 && !crowded) free = left + long + 4;
  }
}

function put(text, at, long, across) {
  if (!text.classList.contains("beside")) {
    const shift = Math.max(0, long / 2 - at) + Math.min(0, across - at - long / 2);
    text.setAttribute("x", shift.toFixed(1));
    return { before: false, left: at + shift - long / 2, right: at + shift + long / 2 };
  }
  const before = at + long + 16 > across;
  text.setAttribute("x", before ? -12 : 12);
  text.setAttribute("text-anchor", before ? "end" : "start");
  return before ? { before, left: at - long - 16, right: at } : { before, left: at, right: at + long + 16 };
}

function show(from, to) {
  const days = Math.min(parts.days, Math.max(LEAST_DAYS, to - from));
  view.from = Math.min(Math.max(0, from), parts.days - days);
  view.to = view.from + days;
  draw();
}

function zoom(how) {
  const days = view.to - view.from;
  const middle = Math.min(view.to, Math.max(view.from, view.day + 0.5));
  if (how === "in") show(middle - days / 4, middle + days / 4);
  else if (how === "out") show(middle - days, middle + days);
  else if (how === "left") show(view.from - days / 2, view.to - days / 2);
  else if (how === "right") show(view.from + days / 2, view.to + days / 2);
  else show(0, parts.days);
}

function choose(day) {
  const last = parts.days - 1;
  view.day = Math.min(last, Math.max(0, Math.floor(day)));
  const days = view.to - view.from;
  if (view.day < view.from) show(view.day, view.day + days);
  else if (view.day + 1 > view.to) show(view.day + 1 - days, view.day + 1);
  else draw();
  parts.range.value = String(view.day);
  parts.range.setAttribute("aria-valuetext", parts.names[view.day]);
  tell();
}

function tell() {
  const name = document.createElement("strong");
  name.textContent = parts.names[view.day];
  const rows = [...parts.lanes.querySelectorAll(`tr[data-day="${view.day}"]`)];
  const lines = rows.map((row) => {
    const heads = [...row.closest("table").tHead.rows[0].cells].map((cell) => cell.textContent);
    const line = document.createElement("span");
    const lane = document.createElement("b");
    lane.textContent = row.closest("details").querySelector("summary").firstChild.textContent.trim();
    const cells = [...row.cells].slice(1);
    const link = row.querySelector("a")?.cloneNode(true);
    const said = cells.map((cell, at) => [heads[at + 1], cell]).filter(([, cell]) => !cell.querySelector("a"));
    line.append(lane, ` ${said.map(([head, cell]) => `${head}: ${cell.textContent}`).filter((one) => !one.endsWith(": ")).join("; ")} `);
    if (link) line.append(link);
    return line;
  });
  if (!lines.length) lines.push(parts.output.dataset.nothing);
  parts.output.replaceChildren(name, ...lines);
}

function open() {
  const link = parts.output.querySelector("a");
  if (link) location.assign(link.href);
}

function dayAt(event) {
  const box = parts.plots[0].getBoundingClientRect();
  return view.from + ((event.clientX - box.left) / box.width) * (view.to - view.from);
}

function wire() {
  const plots = parts.lanes.querySelector("#plots");
  let began = null;
  plots.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && event.target.closest("svg.plot")) began = { at: dayAt(event), x: event.clientX };
  });
  plots.addEventListener("pointermove", (event) => {
    if (!event.target.closest("svg.plot")) return;
    const day = Math.floor(dayAt(event));
    if (day !== view.day) choose(day);
  });
  plots.addEventListener("pointerup", (event) => {
    if (!began) return;
    const { at, x } = began;
    began = null;
    const to = dayAt(event);
    if (Math.abs(event.clientX - x) > 8) show(Math.floor(Math.min(at, to)), Math.ceil(Math.max(at, to)));
    else if (event.target.closest("[data-href]")) location.assign(event.target.closest("[data-href]").dataset.href);
  });
  plots.addEventListener("pointercancel", () => (began = null));
  plots.addEventListener("dblclick", () => zoom("all"));
  parts.range.addEventListener("input", () => choose(Number(parts.range.value)));
  for (const button of parts.lanes.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => zoom(button.dataset.zoom));
  parts.lanes.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = { "+": "in", "=": "in", "-": "out", 0: "all" };
    if (keys[event.key]) zoom(keys[event.key]);
    else if (event.key === "Enter" && event.target === parts.range) open();
    else return;
    event.preventDefault();
  });
  for (const link of parts.lanes.querySelectorAll('a[href^="#table-"]'))
    link.addEventListener("click", () => (parts.lanes.querySelector(link.hash).open = true));
}

// Also after the lanes came anew: who has zoomed stays where they are.
function begin() {
  parts = found();
  if (!parts) return;
  for (const each of parts.lanes.querySelectorAll("[data-scripted]")) delete each.dataset.scripted;
  const shown = `${parts.names[0]} ${parts.days}`;
  if (view.window !== shown) Object.assign(view, { from: 0, to: parts.days, day: Number(parts.range.value), window: shown });
  wire();
  show(view.from, view.to);
  choose(view.day);
}

begin();
addEventListener("resize", () => parts && draw());

// The state above is refreshed by itself; the lanes are fetched when it says that something came.
const state = document.getElementById("refreshed");
const stale = document.getElementById("lanes-stale");
const AGAIN_MS = 5000;
const version = () => state.querySelector("[data-version]")?.dataset.version;
let drawn = version();
let fetching = false;

async function renew() {
  const wanted = version();
  if (fetching || !wanted || wanted === drawn) return;
  fetching = true;
  try {
    const answer = await fetch(host.dataset.lanes);
    if (!answer.ok) throw new Error(answer.statusText);
    host.innerHTML = await answer.text();
    drawn = wanted;
    stale.hidden = true;
    begin();
  } catch {
    stale.hidden = false;
    setTimeout(renew, AGAIN_MS);
  } finally {
    fetching = false;
  }
}

new MutationObserver(renew).observe(state, { childList: true, subtree: true, attributes: true });
