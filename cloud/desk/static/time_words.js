// A word that attests a band's time, in words. Its bytes name a band, a start of it and a record by
// number and hash, nobody by name: number and band stand on the clinic's page too.

import { t } from "./language.js";
import { code, row, say, section } from "./parts.js";
import { days, duration, number } from "./units.js";

const LONG_MS = 30 * 86_400_000;

export function timeWords(word) {
  const elapsed = duration(word.elapsed_ms, { days: true });
  return {
    title: say(t("Time that passed for a band")),
    serial: t("since record {number}", { number: number(word.head_number) }),
    says: t("The band takes it that at least this much time has passed since that record. Rest between sessions and the windows of its limits end earlier by what it could not prove."),
    warnings: [
      {
        title: t("Sign only what you know from elsewhere, too"),
        text: t("The band refuses this word if a session, a hold or a postponement came after that record. Ask the patient when the last session was. There is no undo."),
      },
      ...(word.elapsed_ms > LONG_MS
        ? [{ title: t("More than {length}", { length: days(LONG_MS / 1000) }), text: t("So long a time ends every wait of the band's limits. Read the length once more.") }]
        : []),
    ],
    figures: [{ value: elapsed, label: t("at least, since that record") }],
    sections: [
      section(t("For which band"), [
        row(t("Band"), code(word.device_id)),
        row(t("Its start, by its own count"), say(number(word.boot_count))),
      ]),
      section(t("What is attested"), [
        row(t("At least"), say(elapsed)),
        row(t("In milliseconds"), say(number(word.elapsed_ms))),
        row(t("Since record"), say(number(word.head_number))),
        row(t("Its hash"), code(word.head_hash)),
        row(t("Answers the band's request"), code(word.nonce)),
      ]),
    ],
  };
}
