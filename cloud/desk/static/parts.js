// The plain data that a statement's words are made of: pieces of text, rows and sections.

import { grouped, toHex } from "./bytes.js";

export const section = (heading, rows) => ({ heading, rows });

export const row = (label, value, { marked = false } = {}) => ({ label, value, marked });

export const code = (bytes) => [{ text: grouped(toHex(bytes)), unsafe: false, code: true }];

export function say(...parts) {
  return parts.flatMap((part) => (typeof part === "string" ? [{ text: part, unsafe: false }] : part));
}
