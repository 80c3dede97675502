// At and beyond the envelope's edge, in words. The band judges; this only says it before one signs.
// The figures are those of shared/stimulation/limits.json (a test holds them together).

import { t } from "./language.js";
import { duration, number } from "./units.js";

export const EDGES = {
  theta_burst_intensity_percent: 120,
  theta_burst_pulses_per_session: 1800,
  pulses_per_session: 3000,
  output_percent_mso: 100,
  pulses_per_24h: 6000,
  pulses_per_168h: 30_000,
  clearance_days: 14,
  threshold_age_days: 60,
  validity_days: 90,
  make_up_h: 4,
};
const DAY_S = 86_400;
const HOUR_S = 3_600;

// Returns warnings {title, text}; `session` has the pulses and the strongest output of a session.
export function edges(rx, session) {
  if (rx.kind === "END") return [];
  const lines = [...dose(rx, session), ...times(rx)];
  const beyond = lines.filter(({ value, most }) => value > most).map(said);
  const at = lines.filter(({ value, most, silent }) => value === most && !silent).map(said);
  return [
    ...notice(beyond, "Outside what is allowed: the band refuses it"),
    ...notice(at, "At the edge of what is allowed"),
  ];
}

function dose(rx, session) {
  if (rx.kind === "TITRATION") return [];
  const theta = rx.parts.filter((part) => part.pattern.kind === "THETA_BURST");
  const strongest = Math.max(0, ...theta.map((part) => part.intensity_percent));
  const pulses = theta.length > 0 ? EDGES.theta_burst_pulses_per_session : EDGES.pulses_per_session;
  const supervised = rx.gates.includes("SUPERVISED");
  return [
    { name: "Intensity of theta burst, %", value: strongest, most: EDGES.theta_burst_intensity_percent },
    { name: "Pulses a session", value: session.pulses, most: pulses },
    { name: "Output, % of the stimulator's", value: session.output, most: EDGES.output_percent_mso },
    ...(supervised ? [] : ceilings(rx.limits)),
  ];
}

const ceilings = (limits) => [
  { name: "Pulses in a day", value: limits.pulses_per_day_window, most: EDGES.pulses_per_24h },
  { name: "Pulses in a week", value: limits.pulses_per_week, most: EDGES.pulses_per_168h },
];

function times(rx) {
  const { threshold } = rx;
  const age = threshold.kind === "NONE" ? 0 : threshold.lock_s - threshold.measured_s;
  const long = { shown: (value) => duration(value * 1000, { days: true }) };
  return [
    { name: "Age of the threshold", value: age, most: EDGES.threshold_age_days * DAY_S, ...long },
    { name: "Without word from the clinic", value: rx.clearance_limit_s, most: EDGES.clearance_days * DAY_S, ...long },
    { name: "Validity", value: rx.not_after_s - rx.not_before_s, most: EDGES.validity_days * DAY_S, ...long, silent: true },
    { name: "Make-up", value: rx.make_up_within_s ?? 0, most: EDGES.make_up_h * HOUR_S, ...long, silent: true },
  ];
}

function said({ name, value, most, shown = number }) {
  const values = { name: t(name), value: shown(value), most: shown(most) };
  return t("{name}: {value}, at most {most}", values);
}

const notice = (lines, title) => (lines.length === 0 ? [] : [{ title: t(title), text: `${lines.join("; ")}.` }]);
