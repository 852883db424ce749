/**
 * Text that others wrote (models, data, servers), made harmless for a terminal: nothing in it can move the cursor, set the
 * title, hide a line or turn the reading direction.
 */

// ESC or the one-byte introducers, with what belongs to them: OSC and its kin up to their end, CSI, and two-byte escapes
const sequences =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]?|\u001b[ -/]*[0-~]?/g

// what is left of C0 and C1 but for tab and line feed, and marks that change the direction or are not seen at all
const marks =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** Keeps line ends and tabs (as spaces). */
export const text = (untrusted: string): string =>
  untrusted.replace(/\r\n?/g, "\n").replace(sequences, "").replace(marks, "").replace(/\t/g, "  ")

/** The same on one line, however many it had. */
export const line = (untrusted: string): string =>
  text(untrusted)
    .replace(/\s*\n\s*/g, " ")
    .trim()

const escaped = (mark: string): string =>
  Array.from({ length: mark.length }, (_, i) => `\\u${mark.charCodeAt(i).toString(16).padStart(4, "0")}`).join("")

/** JSON that means the same, with what a terminal might obey written as escapes. */
export const json = (text: string): string => text.replace(marks, escaped)
