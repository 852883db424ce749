/** Texts that would do something to a terminal, or to whoever reads it: each with a mark of its own around them. */

const c0 = Array.from({ length: 32 }, (_, i) => String.fromCharCode(i)).filter((c) => c !== "\n" && c !== "\t")
const c1 = Array.from({ length: 33 }, (_, i) => String.fromCharCode(0x7f + i))
const bidi = ["\u061c", "\u200e", "\u200f", ..."\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"]
const unseen = [
  ..."\u180e\u200b\u2060\u2061\u2062\u2063\u2064\u206a\u206f\ufeff\ufff9\ufffa\ufffb\u2028\u2029",
  "\u{e0041}"
]
const sequences = [
  "\u001b[2J",
  "\u001b[H",
  "\u001b[31m",
  "\u001b[1;32mok\u001b[0m",
  "\u001b[?1049h",
  "\u001b[6n",
  "\u001b[8m",
  "\u009b2J",
  "\u001b]0;title\u0007",
  "\u001b]2;title\u001b\\",
  "\u001b]52;c;cm0gLXJmIC8K\u0007",
  "\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007",
  "\u009d0;title\u009c",
  "\u001bP+q544e\u001b\\",
  "\u001b_payload\u001b\\",
  "\u001b^payload\u001b\\",
  "\u001bXpayload\u001b\\",
  "\u0090payload\u009c",
  "\u001bc",
  "\u001b(0",
  "\u001b#8",
  // what is left when a part of them is taken out
  "\u001b\u001b[2J[2J",
  "\u001b\u200b[2J",
  "\u001b\u0000[2J",
  "\u001b[\u001b[2J2J",
  "\u001b]\u001b[2J0;title\u0007",
  "\u202e\u001b[2J\u202c",
  "\r\u001b[K",
  "\b\b\b\b",
  "\u001b",
  "\u001b[",
  "\u001b]0;never closed"
]
const families = [...c0, ...c1, ...bidi, ...unseen, ...sequences]

/** The mark of a text, and nothing else's. */
export const mark = (i: number): string => `m${`${i}`.padStart(4, "0")}`

/** The text of a number: one control or two, and its mark. */
export const text = (i: number): string => {
  const first = families[i % families.length]!
  const second = families[(i * 7 + Math.floor(i / families.length)) % families.length]!
  return i < families.length ? `${mark(i)}${first}e` : `${mark(i)}${first}x${second}e`
}

/** Several of them in one text. */
export const texts = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => text(from + i)).join(" ")

const forbidden =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

// biome-ignore lint/suspicious/noControlCharactersInRegex: our own looks
const ours = /\u001b\[(?:[12]|22|3[123]|39|1;3[12]|22;39)m/g

/** Controls in an output, where none but newlines and tabs, and our own colours if it is coloured, may be. */
export const leaks = (output: string, coloured: boolean): ReadonlyArray<string> =>
  [...(coloured ? output.replace(ours, "") : output).matchAll(forbidden)].map(
    ([control], _, all) =>
      `U+${control.codePointAt(0)!.toString(16)} (${all.length}), near ${JSON.stringify(around(output, control))}`
  )

const around = (output: string, control: string): string => {
  const at = output.indexOf(control)
  return output.slice(Math.max(0, at - 30), at + 30)
}
