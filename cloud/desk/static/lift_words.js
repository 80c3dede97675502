// A word that lifts holds, in words. Its bytes name a band and holds by their ids, nobody by name:
// the ids stand on the clinic's page too, and are compared with those.

import { t } from "./language.js";
import { code, row, say, section } from "./parts.js";
import { counted, number } from "./units.js";

export function liftWords(word) {
  const lines = word.holds.map((line, at) => [
    row(t("Hold {place}", { place: at + 1 }), code(line.hold_id)),
    row(t("Placed by the record with the hash"), code(line.record_hash)),
  ]);
  const postponed = word.postponement_hash;
  return {
    title: say(t("Lift of holds")),
    serial: counted(word.holds.length, "hold"),
    says: t("These holds end as soon as the band has this word. Sessions can open again."),
    warnings: [{ title: t("There is no undo"), text: t("To stop the treatment again, place a new hold.") }],
    figures: [{ value: number(word.holds.length), label: t("holds that end") }],
    sections: [
      section(t("For which band"), [row(t("Band"), code(word.device_id))]),
      section(t("What ends"), [
        ...lines.flat(),
        row(t("Postponement by the safety questions"), postponed === null ? say(t("stays")) : code(postponed), {
          marked: postponed !== null,
        }),
      ]),
    ],
  };
}
