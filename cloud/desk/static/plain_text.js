// Text from elsewhere, made harmless to look at: what is invisible, or turns the direction of
// reading, or piles up on the letter before it, becomes a visible escape with a mark.

const UNSAFE = /[\p{C}\p{Zl}\p{Zp}\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]|(?! )\p{Zs}|^ +| +$|(?<=^|\p{M}|\P{L})\p{M}/gu;

const escaped = (found) =>
  Array.from(found, (character) => `\\u{${character.codePointAt(0).toString(16)}}`).join("");

// Returns pieces {text, unsafe}: unsafe ones are escapes, to be shown as such.
export function pieces(text) {
  const result = [];
  let at = 0;
  for (const match of text.matchAll(UNSAFE)) {
    if (match.index > at) result.push({ text: text.slice(at, match.index), unsafe: false });
    result.push({ text: escaped(match[0]), unsafe: true });
    at = match.index + match[0].length;
  }
  if (at < text.length || result.length === 0) result.push({ text: text.slice(at), unsafe: false });
  return result;
}
