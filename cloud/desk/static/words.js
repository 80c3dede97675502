// A statement in words: what is shown comes from the signed bytes alone, and all of it is shown.
// describe() returns plain data; page.js turns it into elements. Nothing here touches the page.

import { grouped, toHex } from "./bytes.js";
import { pieces } from "./plain_text.js";
import { ENUMERATIONS, RECORDS, readStatement } from "./tables.js";
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

// Returns {title, serial, says, warnings, figures, sections}; throws a Refusal for bytes that are
// not one canonical statement of a kind, with fields and values, that the desk knows.
export function describe(type, data) {
  return prescription(readStatement(type, data).fields);
}

function prescription(rx) {
  const kind = KINDS[rx.kind];
  return {
    title: say(kind.title, " for ", pieces(rx.initials)),
    serial: `Serial ${number(rx.serial)}`,
    says: kind.says,
    warnings: warnings(rx),
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
      title: "Demo threshold",
      text: "It was typed in, not measured on this person. For demonstration only.",
    });
  }
  if (rx.table_exception !== null) {
    found.push({ title: "Outside the train table", text: "Signed as the exception named below." });
  }
  if (rx.threshold_step_signed) {
    found.push({
      title: "A large step of the threshold",
      text: "Signed as meant: the threshold may differ by more than 10 % of output from the one in force.",
    });
  }
  if (rx.research_reason !== null) {
    found.push({ title: "Research or off-label use", text: "Signed for the reason named below." });
  }
  if (rx.replacement !== null && rx.replacement.final_head_hash === null) {
    found.push({
      title: "Without the old band's last word",
      text: "The old band may have given more than its record shows. The opening balance below stands for it.",
    });
  }
  if (!rx.button_required) {
    found.push({ title: "Button waived", text: "The band starts without a press of its own button." });
  }
  if (rx.kind !== "TITRATION" && rx.parts.some((_, at) => output(rx, at) > 100)) {
    found.push({ title: "More than the stimulator can give", text: "The band refuses an output above 100 %." });
  }
  return found;
}

function figures(rx) {
  const strongest = rx.parts.reduce((one, _, at) => (output(rx, at) > output(rx, one) ? at : one), 0);
  const trains = sum(rx.parts, (part) => part.trains);
  return [
    { value: intensity(rx, strongest), label: outputWords(rx, strongest) },
    { value: number(sum(rx.parts, pulses)), label: `pulses a session, in ${counted(trains, "train")}` },
    { value: duration(sessionMs(rx)), label: "a session, without pauses" },
    { value: number(rx.limits.course_sessions), label: "sessions in the course, at most" },
  ];
}

function forWhom(rx) {
  return section("For whom", [
    row("Patient", say(pieces(rx.initials))),
    row("Patient id", code(rx.patient_id)),
    row("Band", code(rx.device_id)),
    row("Coil", say(pieces(rx.coil))),
    row("Clinic", clinic(rx.clinic_id)),
  ]);
}

function given(rx, part, at) {
  const { pattern } = part;
  const what = rx.kind === "END" ? "What is ended" : "What is given";
  const heading = rx.parts.length > 1 ? `${what}, site ${at + 1} of ${rx.parts.length}` : what;
  return section(heading, [
    row("Protocol", say(pieces(rx.protocol_id))),
    row("Site", say(pieces(part.site))),
    row("Intensity", say(`${intensity(rx, at)}, ${outputWords(rx, at)}`)),
    row("Pattern", say(patternWords(pattern))),
    row("Pulses in a burst", say(burstWords(pattern))),
    row("One train", say(trainWords(pattern))),
    row("Trains", say(trainsWords(part))),
    row("Together", say(`${counted(pulses(part), "pulse")} in ${duration(partUs(part) / 1000)}`)),
  ]);
}

function patternWords(pattern) {
  const what = pattern.pulses_per_burst === 1 ? "pulse" : "burst";
  return `${PATTERNS[pattern.kind]}, ${counted(pattern.bursts_per_train, what)} a train at ${hertz(pattern.rate_mhz)}`;
}

function burstWords(pattern) {
  const together = counted(pattern.pulses_per_burst, "pulse");
  return pattern.intra_burst_mhz === 0 ? together : `${together} at ${hertz(pattern.intra_burst_mhz)}`;
}

const trainWords = (pattern) =>
  `${counted(pattern.pulses_per_burst * pattern.bursts_per_train, "pulse")} in ${duration(trainUs(pattern) / 1000)}`;

const trainsWords = (part) =>
  `${counted(part.trains, "train")}, ${duration(part.interval_ms)} from the end of one to the next`;

function thresholds(rx) {
  const all = thresholdsOf(rx);
  return all.map((each, at) =>
    threshold(each, all.length > 1 ? `Motor threshold, site ${at + 1} of ${all.length}` : "Motor threshold"),
  );
}

function threshold(found, heading) {
  return section(heading, [
    row("Kind", say(THRESHOLDS[found.kind])),
    row("Value", say(`${number(found.percent_mso)} % of the stimulator's output`)),
    row("Adjusted for the depth of the target", say(depthWords(found))),
    row("How it was found", say(found.demo ? "typed in for a demonstration, not measured" : "measured"), {
      marked: found.demo,
    }),
    row("On band", code(found.device_id)),
    row("With coil", say(pieces(found.coil))),
    row("Measured", say(instant(found.measured_s))),
    row("App warns from", say(instant(found.warn_s))),
    row("Band locks from", say(instant(found.lock_s))),
  ]);
}

const depthWords = (found) => (found.depth_percent === 100 ? "no" : `to ${number(found.depth_percent)} % of it`);

function atMost(rx) {
  const { limits: most } = rx;
  return {
    heading: "At most",
    columns: ["In", "Sessions", "Pulses"],
    lines: [
      [`any ${seconds(most.day_window_s)}`, number(most.sessions_per_day_window), number(most.pulses_per_day_window)],
      ["any week (6 d 20 h)", number(most.sessions_per_week), number(most.pulses_per_week)],
      ["the whole course", number(most.course_sessions), number(most.course_pulses)],
    ],
  };
}

function limits(rx) {
  return section("Between sessions", [
    row("Least interval", say(seconds(rx.limits.min_interval_s))),
    row(
      "Make-up of a broken session",
      say(rx.make_up_within_s === null ? "none" : `once, within ${seconds(rx.make_up_within_s)}`),
    ),
  ]);
}

function course(rx) {
  const { course_days: last } = rx.limits;
  return section("Course", [
    row("Ends", say(last === null ? "when its sessions are done" : `${counted(last, "day")} after its first session`)),
    row("Intensity of its first sessions", say(rampWords(rx)), { marked: rx.ramp.length > 0 }),
    ...(rx.phases.length === 0 ? [row("Phases", say("none"))] : rx.phases.map(phase)),
  ]);
}

const rampWords = (rx) =>
  rx.ramp.map((percent, at) => `${at + 1}: at most ${number(percent)} %`).join("; ") || "full from the first on";

function phase(found, at) {
  const often = `at most ${number(found.sessions_per_week)} a week, ${days(found.min_interval_s)} apart or more`;
  return row(`Phase ${at + 1}`, say(`${counted(found.sessions, "session")}, ${often}`));
}

function otherBand({ replacement }) {
  if (replacement === null) return [];
  const { opening } = replacement;
  const charged = (pulsesDone, sessions) => say(`${counted(sessions, "session")}, ${counted(pulsesDone, "pulse")}`);
  return [
    section("Goes on from another band", [
      row("Old band", code(replacement.old_device_id)),
      row("Its plan ended", say(instant(replacement.old_not_after_s))),
      row("In the clinic's hands", say(replacement.in_clinics_hands ? "yes, by this signature" : "not said")),
      row("Its last record", replacement.final_head_hash === null ? say("unknown") : code(replacement.final_head_hash), {
        marked: replacement.final_head_hash === null,
      }),
      row("Counted as given in the day window", charged(opening.day_pulses, opening.day_sessions)),
      row("in the week", charged(opening.week_pulses, opening.week_sessions)),
      row("in the course", charged(opening.course_pulses, opening.course_sessions)),
      row("Sessions completed", say(number(opening.course_completed))),
    ]),
  ];
}

function conditions(rx) {
  return section("Before and during a session", [
    row("Asked besides the band's own checks", say(rx.gates.map((gate) => GATES[gate]).join("; ") || "nothing")),
    row("Start", say(rx.button_required ? "by the band's button" : "without the band's button"), {
      marked: !rx.button_required,
    }),
    row("Pause without the phone after", say(duration(rx.beat_limit_ms))),
    row("Patient touches “still here” every", say(seconds(rx.still_here_s))),
    row("Word from the clinic not older than", say(days(rx.clearance_limit_s))),
  ]);
}

function times(rx) {
  return section(`Times, in ${zone()}`, [
    row("Valid from", say(instant(rx.not_before_s))),
    row("Valid until", say(instant(rx.not_after_s), validity(rx))),
    row("To be installed by", say(instant(rx.install_by_s))),
    row("Written", say(instant(rx.issued_s))),
  ]);
}

function validity(rx) {
  const length = rx.not_after_s - rx.not_before_s;
  return length > 0 ? `, ${days(length)} in all` : ", never valid: it ends before it begins";
}

function chain(rx) {
  const exception = rx.table_exception;
  return section("Place in the record", [
    row("Serial", say(number(rx.serial))),
    row("Replaces", rx.replaces_hash === null ? say("nothing: the first for this band") : code(rx.replaces_hash)),
    row("Course", say(rx.new_course ? "begins a new course" : "goes on with the course")),
    row("Course id", code(rx.course_id)),
    row("Catalogue", say(`version ${number(rx.catalogue_version)}`)),
    row("Safety table", say(`version ${number(rx.envelope_version)}`)),
    row("Exception from the train table", exception === null ? say("none") : say(pieces(exception)), {
      marked: exception !== null,
    }),
    row("Reason of a research or off-label use", rx.research_reason === null ? say("none") : say(pieces(rx.research_reason)), {
      marked: rx.research_reason !== null,
    }),
    row("Threshold step over 10 % of output", say(rx.threshold_step_signed ? "signed as meant" : "not signed"), {
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
  return thresholdOf(rx, at).kind === "NONE" ? said : `${said} of threshold`;
}

const outputWords = (rx, at) => `${number(output(rx, at))} % of the stimulator's output`;

const pulses = (part) => part.trains * part.pattern.pulses_per_burst * part.pattern.bursts_per_train;

// A train lasts its last period as well (R4), in microseconds, rounded up as the band does.
const trainUs = (pattern) => Math.ceil((pattern.bursts_per_train * 1_000_000_000) / pattern.rate_mhz);

const partUs = (part) => part.trains * trainUs(part.pattern) + (part.trains - 1) * part.interval_ms * 1000;

const sessionMs = (rx) => Math.floor(sum(rx.parts, partUs) / 1000);

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

const section = (heading, rows) => ({ heading, rows });

const row = (label, value, { marked = false } = {}) => ({ label, value, marked });

const code = (bytes) => [{ text: grouped(toHex(bytes)), unsafe: false, code: true }];

function say(...parts) {
  return parts.flatMap((part) => (typeof part === "string" ? [{ text: part, unsafe: false }] : part));
}

// A clinic's id is its short name; bytes that are no text are shown as bytes.
function clinic(id) {
  try {
    return say(pieces(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(id)));
  } catch {
    return code(id);
  }
}
