// The flash by erase blocks. What a block's state means is the band's to say.

import { ask, drawn, element } from "./api.js";

const COLUMNS = 128;
const CELL = 10;
const STATES = ["used", "erased", "worn", "bad"];

export async function showFlash() {
  const map = await ask("/flash");
  if (map === null) return;
  const log = map.areas.find((area) => area.room_bytes !== null);
  const pages = map.areas.filter((area) => area.room_bytes === null);
  document.getElementById("flash-map").replaceChildren(...(log ? [grid(log)] : []));
  document.getElementById("flash-sum").textContent = log
    ? `log: ${kib(log.used_bytes)} of ${kib(log.room_bytes)}, blocks of ${kib(map.block_bytes)}; each cell a block; ${pages.length} pages and slots`
    : "nothing written yet";
  document.getElementById("flash-legend").replaceChildren(...STATES.map((state) => element(
    "li", {}, element("span", { class: `swatch ${state}` }), ` ${state}: ${count(log, state)}`,
  )));
  document.getElementById("flash-pages").replaceChildren(...pages.map((page) => element(
    "li", {}, page.name, element("small", {}, ` ${page.used_bytes} bytes, ${page.runs[0]?.most_erases ?? 0} erasures`),
  )));
}

function grid(area) {
  const blocks = area.runs.reduce((sum, run) => sum + run.blocks, 0);
  const rows = Math.ceil(blocks / COLUMNS);
  const drawing = drawn("svg", {
    viewBox: `0 0 ${COLUMNS * CELL} ${rows * CELL}`, role: "img", class: "blocks",
    "aria-label": STATES.map((state) => `${count(area, state)} blocks ${state}`).join(", "),
  });
  for (const run of area.runs) drawing.append(...strips(run));
  return drawing;
}

// A run of blocks is one strip in each row that it lies in.
function strips(run) {
  const made = [];
  for (let block = run.first; block < run.first + run.blocks;) {
    const column = block % COLUMNS;
    const wide = Math.min(COLUMNS - column, run.first + run.blocks - block);
    made.push(drawn("rect", {
      class: run.state, x: column * CELL, y: Math.floor(block / COLUMNS) * CELL,
      width: wide * CELL - 1, height: CELL - 1,
    }, drawn("title", {}, `blocks ${run.first} to ${run.first + run.blocks - 1}: ${run.state}, at most ${run.most_erases} erasures`)));
    block += wide;
  }
  return made;
}

function count(area, state) {
  return (area?.runs ?? []).filter((run) => run.state === state).reduce((sum, run) => sum + run.blocks, 0);
}

function kib(bytes) {
  return bytes >= 1048576 ? `${bytes / 1048576} MiB` : `${(bytes / 1024).toFixed(bytes < 10240 ? 1 : 0)} KiB`;
}
