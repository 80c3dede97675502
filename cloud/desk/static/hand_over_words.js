// A word that lets a band go, in words. Its bytes name a band and how far its record came, nobody by
// name: number and hash stand on the clinic's page too, and are compared with those.

import { t } from "./language.js";
import { code, row, say, section } from "./parts.js";
import { number } from "./units.js";

const PURPOSES = {
  ANOTHER_OWNER: {
    title: "A band for somebody else",
    says: "The band ends with its patient, and may go to another patient or clinic.",
    undo: "The band's present patient is treated by it only if it's given to them anew.",
  },
  RESET: {
    title: "A band for nobody",
    says: "The band ends with its patient and is nobody's from then on.",
    undo: "The band's present patient is treated by it only if it's given to them anew.",
  },
  RETIRE: {
    title: "The end of a band",
    says: "The band retires: it gives its signed last record and starts no session any more.",
    undo: "Only its maker can give a retired band to anybody again.",
  },
};

export function handOverWords(word) {
  const purpose = PURPOSES[word.purpose];
  return {
    title: say(t(purpose.title)),
    serial: t("To record {number}", { number: number(word.head_number) }),
    says: t(purpose.says),
    warnings: [{ title: t("There is no undo"), text: t(purpose.undo) }],
    figures: [{ value: number(word.head_number), label: t("records that you know of") }],
    sections: [
      section(t("For which band"), [row(t("Band"), code(word.device_id))]),
      section(t("Up to which record"), [
        row(t("Number"), say(number(word.head_number))),
        row(t("Hash of the record up to there"), code(word.head_hash)),
        row(t("The record's own id"), code(word.epoch)),
      ]),
    ],
  };
}
