// Quantities in words with their unit: exact to the millisecond and the millihertz.

const NUMBER = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 3 });
const TO_THE_MINUTE = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "longOffset",
};
const MINUTES = new Intl.DateTimeFormat("en-GB", TO_THE_MINUTE);
const SECONDS = new Intl.DateTimeFormat("en-GB", { ...TO_THE_MINUTE, second: "2-digit" });
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

// An instant in the reader's zone, whose offset stands with it; seconds where there are any.
export function instant(unixSeconds) {
  if (unixSeconds > LATEST_S) return `second ${number(unixSeconds)} since 1970`;
  const format = unixSeconds % 60 === 0 ? MINUTES : SECONDS;
  return format.format(new Date(unixSeconds * 1000)).replace("GMT", "UTC");
}
