// The desk's own languages: English stands in the code, German in german.js. Nothing of the words
// comes from the clinic's page: who can change a translation could change what is signed.

import { GERMAN, NOUNS } from "./german.js";

const LOCALES = { en: "en-GB", de: "de-DE" };
let spoken = navigator.language.toLowerCase().startsWith("de") ? "de" : "en";

export const language = () => spoken;
export const locale = () => LOCALES[spoken];
export const other = () => (spoken === "de" ? "en" : "de");

export function speak(code) {
  spoken = code;
}

// Says a text in the language that is spoken; {name} is filled from `values`, as plain text.
export function t(english, values = {}) {
  const text = spoken === "de" ? (GERMAN[english] ?? english) : english;
  return text.replace(/\{([a-z]+)\}/g, (whole, name) => (Object.hasOwn(values, name) ? values[name] : whole));
}

// A noun in its number: "train" for one, "trains" for more.
export function noun(value, english) {
  if (spoken === "de") return NOUNS[english][value === 1 ? 0 : 1];
  return value === 1 ? english : `${english}s`;
}
