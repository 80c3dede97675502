// A statement in words: what is shown comes from the signed bytes alone, and all of it is shown.
// describe() returns plain data; page.js turns it into elements. Nothing here touches the page.

import { edges } from "./edges.js";
import { handOverWords } from "./hand_over_words.js";
import { t } from "./language.js";
import { liftWords } from "./lift_words.js";
import { code, row, say, section } from "./parts.js";
import { pieces } from "./plain_text.js";
import { ENUMERATIONS, RECORDS, readStatement } from "./tables.js";
import { timeWords } from "./time_words.js";
import { counted, days, duration, hertz, instant, number, seconds, zone } from "./units.js";

export { ENUMERATIONS, RECORDS };

const KINDS = {
  TREATMENT: { title: "Prescription", says: "Treatment: opens sessions within the limits below." },
  END: { title: "End of treatment", says: "Ends the treatment at once. No further session opens." },
  TITRATION: { title: "Titration", says: "Titration: single pulses in the clinic to find the motor threshold." },
  REPLACEMENT: { title: "Prescription for another band", says: "Goes on with a course that another band began." },
};

const THRESHOLDS = {
  RMT: "resting motor threshold",
  AMT: "active motor threshold",
  LEG_RMT: "resting motor threshold of the leg",
  NONE: "no motor threshold (fixed output)",
};

const PATTERNS = { REPETITIVE: "repetitive", THETA_BURST: "theta burst", SINGLE: "single pulses" };

const GATES = {
  TRAINING: "training passed",
  SCREENING: "safety questions answered before each session",
  ATTENDED: "somebody stays with the patient",
  SUPERVISED: "trained staff present, by their own signature",
  EAR_PROTECTION: "ear protection worn",
};

const IN_WORDS = { Prescription: prescription, AttestTime: timeWords, LiftHold: liftWords, HandOver: handOverWords };

// Returns {title, serial, says, warnings, figures, sections}; throws a Refusal for bytes that are
// not one canonical statement of a kind, with fields and values, that the desk knows.
export function describe(type, data) {
  const { record, fields } = readStatement(type, data);
  return IN_WORDS[record](fields);
}

// Returns the hash that a statement says it replaces; null for none.
export function replacedBy(type, data) {
  const { record, fields } = readStatement(type, data);
  return record === "Prescription" ? fields.replaces_hash : null;
}

// Returns the serial that a prescription's bytes say.
export const versionOf = (type, data) => readStatement(type, data).fields.serial;

function prescription(rx) {
  const kind = KINDS[rx.kind];
  return {
    title: say(t(kind.title), " ", t("for"), " ", pieces(rx.initials)),
    serial: t("Serial {number}", { number: number(rx.serial) }),
    says: t(kind.says),
    warnings: [...warnings(rx), ...edges(rx, figuresOf(rx))],
    figures: rx.kind === "END" ? [] : figures(rx),
    sections: [
      forWhom(rx),
      ...rx.parts.map((part, at) => given(rx, part, at)),
      ...thresholds(rx),
      atMost(rx),
      limits(rx),
      course(rx),
      ...otherBand(rx),
      conditions(rx),
      times(rx),
      chain(rx),
    ],
  };
}

function warnings(rx) {
  const found = [];
  if (thresholdsOf(rx).some((each) => each.demo)) {
    found.push({
      title: t("Demo threshold"),
      text: t("It was typed in, not measured on this person. For demonstration only."),
    });
  }
  if (rx.table_exception !== null) {
    found.push({ title: t("Outside the train table"), text: t("Signed as the exception named below.") });
  }
  if (rx.threshold_step_signed) {
    found.push({
      title: t("A large step of the threshold"),
      text: t("Signed as meant: the threshold may differ by more than 10 % of output from the one in force."),
    });
  }
  if (rx.research_reason !== null) {
    found.push({ title: t("Research or off-label use"), text: t("Signed for the reason named below.") });
  }
  if (rx.replacement !== null && rx.replacement.final_head_hash === null) {
    found.push({
      title: t("Without the old band's last word"),
      text: t("The old band may have given more than its record shows. The opening balance below stands for it."),
    });
  }
  if (!rx.button_required) {
    found.push({ title: t("Button waived"), text: t("The band starts without a press of its own button.") });
  }
  if (rx.kind !== "TITRATION" && rx.parts.some((_, at) => output(rx, at) > 100)) {
    found.push({ title: t("More than the stimulator can give"), text: t("The band refuses an output above 100 %.") });
  }
  return found;
}

function figures(rx) {
  const strongest = rx.parts.reduce((one, _, at) => (output(rx, at) > output(rx, one) ? at : one), 0);
  const trains = sum(rx.parts, (part) => part.trains);
  return [
    { value: intensity(rx, strongest), label: outputWords(rx, strongest) },
    { value: number(sum(rx.parts, pulses)), label: t("pulses a session, in {trains}", { trains: counted(trains, "train") }) },
    { value: duration(sessionMs(rx)), label: t("a session, without pauses") },
    { value: number(rx.limits.course_sessions), label: t("sessions in the course, at most") },
  ];
}

function forWhom(rx) {
  return section(t("For whom"), [
    row(t("Patient"), say(pieces(rx.initials))),
    row(t("Patient id"), code(rx.patient_id)),
    row(t("Band"), code(rx.device_id)),
    row(t("Coil"), say(pieces(rx.coil))),
    row(t("Clinic"), clinic(rx.clinic_id)),
  ]);
}

function given(rx, part, at) {
  const { pattern } = part;
  const what = t(rx.kind === "END" ? "What is ended" : "What is given");
  const heading = rx.parts.length > 1 ? t("{what}, site {place} of {all}", { what, place: at + 1, all: rx.parts.length }) : what;
  return section(heading, [
    row(t("Protocol"), say(pieces(rx.protocol_id))),
    row(t("Site"), say(pieces(part.site))),
    row(t("Intensity"), say(`${intensity(rx, at)}, ${outputWords(rx, at)}`)),
    row(t("Pattern"), say(patternWords(pattern))),
    row(t("Pulses in a burst"), say(burstWords(pattern))),
    row(t("One train"), say(trainWords(pattern))),
    row(t("Trains"), say(trainsWords(part))),
    row(t("Together"), say(inTime(pulses(part), partUs(part)))),
  ]);
}

function patternWords(pattern) {
  const what = pattern.pulses_per_burst === 1 ? "pulse" : "burst";
  const [kind, count] = [t(PATTERNS[pattern.kind]), counted(pattern.bursts_per_train, what)];
  return t("{kind}, {count} a train at {rate}", { kind, count, rate: hertz(pattern.rate_mhz) });
}

function burstWords(pattern) {
  const together = counted(pattern.pulses_per_burst, "pulse");
  return pattern.intra_burst_mhz === 0 ? together : t("{count} at {rate}", { count: together, rate: hertz(pattern.intra_burst_mhz) });
}

const trainWords = (pattern) =>
  inTime(pattern.pulses_per_burst * pattern.bursts_per_train, trainUs(pattern));

const inTime = (count, us) =>
  t("{count} in {length}", { count: counted(count, "pulse"), length: duration(us / 1000) });

const trainsWords = (part) =>
  t("{count}, {length} from the end of one to the next", {
    count: counted(part.trains, "train"),
    length: duration(part.interval_ms),
  });

function thresholds(rx) {
  const all = thresholdsOf(rx);
  return all.map((each, at) =>
    threshold(
      each,
      all.length > 1
        ? t("{what}, site {place} of {all}", { what: t("Motor threshold"), place: at + 1, all: all.length })
        : t("Motor threshold"),
    ),
  );
}

function threshold(found, heading) {
  return section(heading, [
    row(t("Kind"), say(t(THRESHOLDS[found.kind]))),
    row(t("Value"), say(t("{percent} % of the stimulator's output", { percent: number(found.percent_mso) }))),
    row(t("Adjusted for the depth of the target"), say(depthWords(found))),
    row(t("How it was found"), say(t(found.demo ? "typed in for a demonstration, not measured" : "measured")), {
      marked: found.demo,
    }),
    row(t("On band"), code(found.device_id)),
    row(t("With coil"), say(pieces(found.coil))),
    row(t("Measured"), say(instant(found.measured_s))),
    row(t("App warns from"), say(instant(found.warn_s))),
    row(t("Band locks from"), say(instant(found.lock_s))),
  ]);
}

const depthWords = (found) => (found.depth_percent === 100 ? t("no") : t("to {percent} % of it", { percent: number(found.depth_percent) }));

function atMost(rx) {
  const { limits: most } = rx;
  return {
    heading: t("At most"),
    columns: [t("In"), t("Sessions"), t("Pulses")],
    lines: [
      [t("any {length}", { length: seconds(most.day_window_s) }), number(most.sessions_per_day_window), number(most.pulses_per_day_window)],
      [t("any week (6 days 20 h)"), number(most.sessions_per_week), number(most.pulses_per_week)],
      [t("the whole course"), number(most.course_sessions), number(most.course_pulses)],
    ],
  };
}

function limits(rx) {
  return section(t("Between sessions"), [
    row(t("Least interval"), say(seconds(rx.limits.min_interval_s))),
    row(
      t("Make-up of a broken session"),
      say(rx.make_up_within_s === null ? t("none") : t("once, within {length}", { length: seconds(rx.make_up_within_s) })),
    ),
  ]);
}

function course(rx) {
  const { course_days: last } = rx.limits;
  return section(t("Course"), [
    row(t("Ends"), say(last === null ? t("when its sessions are done") : t("{length} after its first session", { length: counted(last, "day") }))),
    row(t("Intensity of its first sessions"), say(rampWords(rx)), { marked: rx.ramp.length > 0 }),
    ...(rx.phases.length === 0 ? [row(t("Phases"), say(t("none")))] : rx.phases.map(phase)),
  ]);
}

const rampWords = (rx) =>
  rx.ramp.map((percent, at) => t("{place}: at most {percent} %", { place: at + 1, percent: number(percent) })).join("; ") || t("full from the first on");

function phase(found, at) {
  const said = t("{sessions}, at most {count} a week, {length} apart or more", {
    sessions: counted(found.sessions, "session"),
    count: number(found.sessions_per_week),
    length: days(found.min_interval_s),
  });
  return row(t("Phase {place}", { place: at + 1 }), say(said));
}

function otherBand({ replacement }) {
  if (replacement === null) return [];
  const { opening } = replacement;
  const charged = (pulsesDone, sessions) => say(`${counted(sessions, "session")}, ${counted(pulsesDone, "pulse")}`);
  return [
    section(t("Goes on from another band"), [
      row(t("Old band"), code(replacement.old_device_id)),
      row(t("Its plan ends"), say(instant(replacement.old_not_after_s))),
      row(t("In the clinic's hands"), say(t(replacement.in_clinics_hands ? "yes, by this signature" : "not said"))),
      row(t("Its last record"), replacement.final_head_hash === null ? say(t("unknown")) : code(replacement.final_head_hash), {
        marked: replacement.final_head_hash === null,
      }),
      row(t("Counted as given in the day window"), charged(opening.day_pulses, opening.day_sessions)),
      row(t("in the week"), charged(opening.week_pulses, opening.week_sessions)),
      row(t("in the course"), charged(opening.course_pulses, opening.course_sessions)),
      row(t("Sessions completed"), say(number(opening.course_completed))),
    ]),
  ];
}

function conditions(rx) {
  return section(t("Before and during a session"), [
    row(t("Asked besides the band's own checks"), say(rx.gates.map((gate) => t(GATES[gate])).join("; ") || t("nothing"))),
    row(t("Start"), say(t(rx.button_required ? "by the band's button" : "without the band's button")), {
      marked: !rx.button_required,
    }),
    row(t("Pause without the phone after"), say(duration(rx.beat_limit_ms))),
    row(t("Patient touches “still here” every"), say(seconds(rx.still_here_s))),
    row(t("Word from the clinic not older than"), say(days(rx.clearance_limit_s))),
  ]);
}

function times(rx) {
  return section(t("Times, in {zone}", { zone: zone() }), [
    row(t("Valid from"), say(instant(rx.not_before_s))),
    row(t("Valid until"), say(instant(rx.not_after_s), validity(rx))),
    row(t("To be installed by"), say(instant(rx.install_by_s))),
    row(t("Written"), say(instant(rx.issued_s))),
  ]);
}

function validity(rx) {
  const length = rx.not_after_s - rx.not_before_s;
  return length > 0 ? t(", {length} in all", { length: days(length) }) : t(", never valid: it ends before it begins");
}

function chain(rx) {
  const exception = rx.table_exception;
  return section(t("Place in the record"), [
    row(t("Serial"), say(number(rx.serial))),
    row(t("Replaces"), rx.replaces_hash === null ? say(t("nothing: the first for this band")) : code(rx.replaces_hash)),
    row(t("Course"), say(t(rx.new_course ? "begins a new course" : "goes on with the course"))),
    row(t("Course id"), code(rx.course_id)),
    row(t("Catalogue"), say(t("version {number}", { number: number(rx.catalogue_version) }))),
    row(t("Safety table"), say(t("version {number}", { number: number(rx.envelope_version) }))),
    row(t("Exception from the train table"), exception === null ? say(t("none")) : say(pieces(exception)), {
      marked: exception !== null,
    }),
    row(t("Reason of a research or off-label use"), rx.research_reason === null ? say(t("none")) : say(pieces(rx.research_reason)), {
      marked: rx.research_reason !== null,
    }),
    row(t("Threshold step over 10 % of output"), say(t(rx.threshold_step_signed ? "signed as meant" : "not signed")), {
      marked: rx.threshold_step_signed,
    }),
  ]);
}

const thresholdsOf = (rx) =>
  rx.second_threshold === null ? [rx.threshold] : [rx.threshold, rx.second_threshold];

const thresholdOf = (rx, at) => (at > 0 && rx.second_threshold !== null ? rx.second_threshold : rx.threshold);

// Threshold times depth times intensity, rounded down, as the band does (R13).
function output(rx, at) {
  const { percent_mso: percent, depth_percent: depth } = thresholdOf(rx, at);
  return Math.floor((percent * depth * rx.parts[at].intensity_percent) / 10_000);
}

function intensity(rx, at) {
  const said = `${number(rx.parts[at].intensity_percent)} %`;
  return thresholdOf(rx, at).kind === "NONE" ? said : t("{said} of threshold", { said });
}

const outputWords = (rx, at) =>
  t("{percent} % of the stimulator's output", { percent: number(output(rx, at)) });

const pulses = (part) => part.trains * part.pattern.pulses_per_burst * part.pattern.bursts_per_train;

// A train lasts its last period as well (R4), in microseconds, rounded up as the band does.
const trainUs = (pattern) => Math.ceil((pattern.bursts_per_train * 1_000_000_000) / pattern.rate_mhz);

const partUs = (part) => part.trains * trainUs(part.pattern) + (part.trains - 1) * part.interval_ms * 1000;

const sessionMs = (rx) => Math.floor(sum(rx.parts, partUs) / 1000);

// What edges.js judges: a session's pulses, and the strongest output.
const figuresOf = (rx) => ({
  pulses: sum(rx.parts, pulses),
  output: Math.max(...rx.parts.map((_, at) => output(rx, at))),
});

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

// A clinic's id is its short name; bytes that are no text are shown as bytes.
function clinic(id) {
  try {
    return say(pieces(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(id)));
  } catch {
    return code(id);
  }
}
