// What a statement's bytes may hold: field numbers, names, types and limits, as in
// shared/dose/prescription.py, shared/stimulation/pattern.py and shared/trust/staff_words.py (a test holds them together).
// Unknown fields, types and values are refused: what the desk cannot say, it does not let sign.

import { decodeCanonical, utf8 } from "./bytes.js";
import { t } from "./language.js";
import { Refusal } from "./refusal.js";

const MAXIMUM_INT = Number.MAX_SAFE_INTEGER;
const MAXIMUM_STATEMENT_BYTES = 1024;

const count = (name, minimum = 0, maximum = MAXIMUM_INT) => ({ name, type: "int", minimum, maximum });
const text = (name, minimum, maximum) => ({ name, type: "text", minimum, maximum });
const bytes = (name, minimum, maximum = minimum) => ({ name, type: "bytes", minimum, maximum });
const flag = (name) => ({ name, type: "bool" });
const one = (name, of) => ({ name, type: "enum", of });
const record = (name, of) => ({ name, type: "record", of });
const list = (name, item, minimum, maximum) => ({ name, type: "list", item, minimum, maximum });
const optional = (field) => ({ ...field, optional: true });

export const ENUMERATIONS = {
  PrescriptionKind: { 1: "TREATMENT", 2: "END", 3: "TITRATION", 4: "REPLACEMENT" },
  ThresholdKind: { 1: "RMT", 2: "AMT", 3: "LEG_RMT", 4: "NONE" },
  Gate: { 1: "TRAINING", 2: "SCREENING", 3: "ATTENDED", 4: "SUPERVISED", 5: "EAR_PROTECTION" },
  HandOverPurpose: { 1: "ANOTHER_OWNER", 2: "RESET", 3: "RETIRE" },
  PatternKind: { 1: "REPETITIVE", 2: "THETA_BURST", 3: "SINGLE" },
};

export const RECORDS = {
  LiftLine: {
    1: bytes("hold_id", 16),
    2: bytes("record_hash", 32),
  },
  LiftHold: {
    1: bytes("device_id", 16),
    2: list("holds", record("liftline", "LiftLine"), 0, 8),
    3: optional(bytes("postponement_hash", 32)),
  },
  HandOver: {
    1: bytes("device_id", 16),
    2: bytes("epoch", 16),
    3: count("head_number", 1),
    4: bytes("head_hash", 32),
    5: one("purpose", "HandOverPurpose"),
  },
  AttestTime: {
    1: bytes("device_id", 16),
    2: count("boot_count"),
    3: count("head_number", 1),
    4: bytes("head_hash", 32),
    5: bytes("nonce", 16),
    6: count("elapsed_ms", 1, 400 * 86_400_000),
  },
  Pattern: {
    1: one("kind", "PatternKind"),
    2: count("rate_mhz", 1, 100_000),
    3: count("pulses_per_burst", 1, 10),
    4: count("intra_burst_mhz", 0, 100_000),
    5: count("bursts_per_train", 1, 3000),
  },
  Part: {
    1: text("site", 1, 48),
    2: record("pattern", "Pattern"),
    3: count("trains", 1, 600),
    4: count("interval_ms", 0, 600_000),
    5: count("intensity_percent", 1, 200),
  },
  Threshold: {
    1: one("kind", "ThresholdKind"),
    2: count("percent_mso", 1, 100),
    3: count("measured_s"),
    4: count("warn_s"),
    5: count("lock_s"),
    6: flag("demo"),
    7: bytes("device_id", 16),
    8: text("coil", 1, 32),
    9: count("depth_percent", 50, 150),
  },
  Limits: {
    1: count("day_window_s", 1),
    2: count("sessions_per_day_window", 1, 12),
    3: count("pulses_per_day_window", 1),
    4: count("sessions_per_week", 1, 84),
    5: count("pulses_per_week", 1),
    6: count("course_sessions", 1, 400),
    7: count("course_pulses", 1),
    8: count("min_interval_s"),
    9: optional(count("course_days", 1, 400)),
  },
  Phase: {
    1: count("sessions", 1, 400),
    2: count("sessions_per_week", 1, 84),
    3: count("min_interval_s", 0, 5_184_000),
  },
  OpeningBalance: {
    1: count("day_pulses", 0, 65_535),
    2: count("day_sessions", 0, 100),
    3: count("week_pulses", 0, 65_535),
    4: count("week_sessions", 0, 100),
    5: count("course_pulses", 0, 2_000_000),
    6: count("course_sessions", 0, 400),
    7: count("course_completed", 0, 400),
  },
  Replacement: {
    1: bytes("old_device_id", 16),
    2: count("old_not_after_s"),
    3: flag("in_clinics_hands"),
    4: record("opening", "OpeningBalance"),
    5: optional(bytes("final_head_hash", 32)),
  },
  Prescription: {
    1: one("kind", "PrescriptionKind"),
    2: bytes("clinic_id", 1, 32),
    3: bytes("device_id", 16),
    4: bytes("patient_id", 16),
    5: text("initials", 1, 8),
    6: count("serial", 1, 2 ** 32),
    7: optional(bytes("replaces_hash", 32)),
    8: flag("new_course"),
    9: bytes("course_id", 16),
    10: text("protocol_id", 1, 48),
    11: count("catalogue_version", 1),
    12: count("envelope_version", 1),
    13: text("coil", 1, 32),
    14: list("parts", record("part", "Part"), 1, 2),
    15: record("threshold", "Threshold"),
    16: record("limits", "Limits"),
    17: list("gates", one("gate", "Gate"), 0, 5),
    18: count("beat_limit_ms", 1000),
    19: count("still_here_s", 10),
    20: count("clearance_limit_s", 3600),
    21: flag("button_required"),
    22: optional(count("make_up_within_s")),
    23: count("issued_s"),
    24: count("install_by_s"),
    25: count("not_before_s"),
    26: count("not_after_s"),
    27: optional(text("table_exception", 0, 48)),
    28: optional(record("second_threshold", "Threshold")),
    29: flag("threshold_step_signed"),
    30: list("ramp", count("int"), 0, 10),
    31: list("phases", record("phase", "Phase"), 0, 6),
    32: optional(text("research_reason", 1, 80)),
    33: optional(record("replacement", "Replacement")),
  },
};

const STATEMENTS = {
  "circlet/prescription/v1": "Prescription",
  "circlet/lift-hold/v1": "LiftHold",
  "circlet/hand-over/v1": "HandOver",
  "circlet/attest-time/v1": "AttestTime",
};

// Returns {record, fields} of one statement: the record's name, and its fields by name.
export function readStatement(type, data) {
  const name = Object.hasOwn(STATEMENTS, type) ? STATEMENTS[type] : null;
  if (name === null) throw new Refusal(t("This desk does not know that kind of statement."));
  if (data.length > MAXIMUM_STATEMENT_BYTES) throw new Refusal(t("The statement is too long to be one."));
  return { record: name, fields: readRecord(name, decodeCanonical(data)) };
}

function readRecord(name, value) {
  if (!(value instanceof Map)) throw new Refusal(t("{name} is not a set of fields.", { name }));
  const table = RECORDS[name];
  for (const key of value.keys()) {
    if (typeof key !== "number" || !Object.hasOwn(table, key)) {
      throw new Refusal(t("{name} has a field that this desk does not know. It could not show it to you.", { name }));
    }
  }
  const fields = {};
  for (const [key, field] of Object.entries(table)) {
    const found = value.get(Number(key));
    if (found === undefined && !field.optional) throw new Refusal(t("{name} lacks {field}.", { name, field: field.name }));
    fields[field.name] = found === undefined ? null : readField(name, field, found);
  }
  return fields;
}

function readField(owner, field, value) {
  const refuse = () => {
    throw new Refusal(t("{name}: {field} has a value that it cannot have.", { name: owner, field: field.name }));
  };
  const within = (size) => size >= field.minimum && size <= field.maximum;
  switch (field.type) {
    case "int":
      return Number.isSafeInteger(value) && within(value) ? value : refuse();
    case "text":
      return typeof value === "string" && within(utf8(value).length) ? value : refuse();
    case "bytes":
      return value instanceof Uint8Array && within(value.length) ? value : refuse();
    case "bool":
      return typeof value === "boolean" ? value : refuse();
    case "enum":
      return Number.isInteger(value) && Object.hasOwn(ENUMERATIONS[field.of], value)
        ? ENUMERATIONS[field.of][value]
        : refuse();
    case "record":
      return readRecord(field.of, value);
    case "list":
      return Array.isArray(value) && within(value.length)
        ? value.map((item) => readField(owner, field.item, item))
        : refuse();
    default:
      return refuse();
  }
}
