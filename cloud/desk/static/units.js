// Quantities in words with their unit: exact to the millisecond and the millihertz.

import { locale, noun, t } from "./language.js";

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
const LATEST_S = 8_640_000_000_000;

export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export function number(value) {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: 3 }).format(value);
}

export function counted(value, english) {
  return `${number(value)} ${noun(value, english)}`;
}

export function hertz(millihertz) {
  return `${number(millihertz / 1000)} Hz`;
}

const DAY_MS = 86_400_000;
const UNITS = [
  [3_600_000, "h"],
  [60_000, "min"],
];

// A length of time, for instance "3 min 12 s"; days only where `days` asks for them, in words: a
// single letter for them is read as something else in one language or the other.
export function duration(milliseconds, { days = false } = {}) {
  const daysIn = days ? Math.floor(milliseconds / DAY_MS) : 0;
  const words = daysIn > 0 ? [counted(daysIn, "day")] : [];
  let rest = milliseconds - daysIn * DAY_MS;
  for (const [size, unit] of UNITS) {
    const whole = Math.floor(rest / size);
    if (whole > 0) words.push(`${number(whole)} ${t(unit)}`);
    rest -= whole * size;
  }
  if (rest > 0 || words.length === 0) words.push(`${number(rest / 1000)} s`);
  return words.join(" ");
}

export const seconds = (value) => duration(value * 1000);
export const days = (value) => duration(value * 1000, { days: true });

// An instant in the reader's zone, whose offset stands with it; seconds where there are any.
export function instant(unixSeconds) {
  if (unixSeconds > LATEST_S) return t("second {count} since 1970", { count: number(unixSeconds) });
  const options = unixSeconds % 60 === 0 ? TO_THE_MINUTE : { ...TO_THE_MINUTE, second: "2-digit" };
  const format = new Intl.DateTimeFormat(locale(), options);
  return format.format(new Date(unixSeconds * 1000)).replace("GMT", "UTC");
}
