// Quantities in words: exact, never rounded, with their unit.

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });
const INSTANT = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "longOffset",
});
const LATEST_S = 8_640_000_000_000;

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function number(value) {
  return NUMBER.format(value);
}

export function counted(value, singular, plural = `${singular}s`) {
  return `${number(value)} ${value === 1 ? singular : plural}`;
}

export function hertz(millihertz) {
  return `${number(millihertz / 1000)} Hz`;
}

const UNITS = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
];

// A length of time, for instance "3 min 12 s"; days only where `days` asks for them.
export function duration(milliseconds, { days = false } = {}) {
  const words = [];
  let rest = milliseconds;
  for (const [size, unit] of days ? UNITS : UNITS.slice(1)) {
    const whole = Math.floor(rest / size);
    if (whole > 0) words.push(`${number(whole)} ${unit}`);
    rest -= whole * size;
  }
  if (rest > 0 || words.length === 0) words.push(`${number(rest / 1000)} s`);
  return words.join(" ");
}

export const seconds = (value) => duration(value * 1000);
export const days = (value) => duration(value * 1000, { days: true });

// An instant in the reader's zone, whose offset stands with it.
export function instant(unixSeconds) {
  if (unixSeconds > LATEST_S) return `second ${number(unixSeconds)} since 1970`;
  return INSTANT.format(new Date(unixSeconds * 1000)).replace("GMT", "UTC");
}
