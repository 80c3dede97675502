// What differs between a statement and the version that it replaces, both in words.
// Each row that differs is marked where it stands, and all of them are listed first.

const text = (parts) => parts.map((part) => part.text).join("");

// Marks `said` in place and returns the differing rows as {label, before, after}.
export function markChanges(said, before) {
  const changes = [];
  const old = new Map(before.sections.map((section, at) => [at, section]));
  const places = new Map(before.sections.map((section, at) => [section.heading, at]));
  for (const [at, section] of said.sections.entries()) {
    const place = places.get(section.heading) ?? at;
    const other = old.get(place);
    old.delete(place);
    if (section.rows) markRows(section, other?.rows ?? [], changes);
    else markLines(section, other?.lines ?? [], changes);
  }
  for (const section of old.values()) {
    for (const row of section.rows ?? []) changes.push({ label: row.label, before: row.value, after: null });
  }
  return changes;
}

function markRows(section, olds, changes) {
  const left = [...olds];
  for (const row of section.rows) {
    const at = left.findIndex((each) => each.label === row.label);
    const [other] = at < 0 ? [null] : left.splice(at, 1);
    if (other !== null && text(other.value) === text(row.value)) continue;
    row.changed = true;
    row.before = other?.value ?? null;
    changes.push({ label: row.label, before: row.before, after: row.value });
  }
  for (const other of left) {
    section.rows.push({ label: other.label, value: null, before: other.value, changed: true });
    changes.push({ label: other.label, before: other.value, after: null });
  }
}

function markLines(section, olds, changes) {
  section.changed = section.lines.map((line, at) => line.map((cell, column) => olds[at]?.[column] !== cell));
  const named = (line) => line.slice(1).map((cell, at) => `${section.columns[at + 1]} ${cell}`).join(", ");
  const plain = (line) => (line ? [{ text: named(line), unsafe: false }] : null);
  for (const [at, line] of section.lines.entries()) {
    if (!section.changed[at].includes(true)) continue;
    changes.push({ label: line[0], before: plain(olds[at]), after: plain(line) });
  }
}
