/**
 * Replies that an editor may get when it asks for a new text: the 14 that TextGrad's optimizer was measured on, told in
 * the forms that our editor reads, and 30 more. For each, what must become of it: one exact text, or a named failure.
 */
import { Completion } from "@backprose/core"

export interface Hostile {
  readonly name: string
  readonly reply: Completion.Completion
  /** The exact new value; or the failures of which one must come, with the value as it was. */
  readonly wanted: { readonly text: string } | { readonly fails: ReadonlyArray<string> }
}

/** The value before, and what the worked case of the editor's prompt would make of its own. */
export const before = "Answer the question."
const parroted =
  "Sort the letter into a tray. Name only the tray.\n- Letters about dogs: tray D1.\n- Letters about music or other noise that is too loud: tray N4.\n- Letters about rubbish that lies in the street: tray W2."

const json = (value: unknown, more: object = {}): string => JSON.stringify({ value, changed: "more", ...more })
const of = (reply: string | Completion.Completion) => (typeof reply === "string" ? Completion.make(reply) : reply)
const exact = (name: string, text: string, reply: string): Hostile => ({ name, reply: of(reply), wanted: { text } })
const refused = (name: string, reply: string | Completion.Completion, ...fails: ReadonlyArray<string>): Hostile => ({
  name,
  reply: of(reply),
  wanted: { fails: fails.length === 0 ? ["ReplyUnreadable"] : fails }
})

const final = "Answer in one word."
const draft = "Answer somehow."

/** `shown`: the first line of the fence that the value stands in, in the editor's prompt. */
export const all = (shown: string): ReadonlyArray<Hostile> => [
  // the fourteen
  exact("plain", final, json(final)),
  exact("code fence", final, `\`\`\`\n${final}\n\`\`\``),
  exact("HTML", "<p>Answer <b>now</b></p><script>x()</script>", json("<p>Answer <b>now</b></p><script>x()</script>")),
  exact("ANSI", "\u001b[31mAnswer\u001b[0m", json("\u001b[31mAnswer\u001b[0m")),
  refused("closing tag missing", `<value>\n${final} And half of`),
  refused("tags quoted inside the value", `<value>\nPut it between <value> and </value>.\n</value>`),
  refused("two blocks", `<value>\n${draft}\n</value>\n\n<value>\n${final}\n</value>`),
  refused("empty block", "<value>\n</value>"),
  refused("thinking that names the tag first", `I put it into <value> tags.\n<value>\n${final}\n</value>`),
  refused("10 MB", json("x".repeat(10_000_000)), "ReplyTooLarge"),
  refused("NUL and a lone surrogate", '{"value":"a\\u0000b\\ud800c","changed":""}'),
  refused("no tags", final),
  refused("open tag missing", `${final}\n</value>`),
  refused("tags in other case", `<Value>\n${final}\n</VALUE>`),
  // thirty more: tags
  refused("two open tags", `<value>\n${draft}\n<value>\n${final}\n</value>`),
  refused("close before open", `</value>\n${final}\n<value>`),
  refused("tags as entities", `&lt;value&gt;\n${final}\n&lt;/value&gt;`),
  refused("tag split by a zero-width space", `<value>\nWrite a</value> tag.\n</val\u200bue>`),
  // characters
  exact("right to left", "\u202Eענה במילה אחת\u202C", json("\u202Eענה במילה אחת\u202C")),
  exact("byte order mark", final, `\uFEFF${json(final)}`),
  exact("CRLF", "Answer.\r\n- Shortly.", json("Answer.\r\n- Shortly.").replaceAll(",", ",\r\n")),
  exact("fence inside", "Answer as:\n```\n</value>\n```\n</think>", json("Answer as:\n```\n</value>\n```\n</think>")),
  // drafts
  refused(
    "draft, then final",
    `Draft:\n\`\`\`json\n${json(draft)}\n\`\`\`\nFinal:\n\`\`\`json\n${json(final)}\n\`\`\``
  ),
  exact("draft in thinking, then final", final, `<think>Maybe ${json(draft)}?</think>\n${json(final)}`),
  refused("draft in thinking without end", `<think>Maybe ${json(draft)}? No:`),
  refused("draft, then half of the final", `${json(draft)}\nBetter: {"value":"Answer in`),
  refused("half of a value around another", `{"value":"Reply with ${json("x")} always","changed":"c"}`),
  // JSON and what is not
  refused("a key twice", `{"value":${JSON.stringify(draft)},"changed":"","value":${JSON.stringify(final)}}`),
  refused("JSON in a JSON string", JSON.stringify(json(final))),
  refused("trailing comma", json(final).replace("}", ",}")),
  refused("single quotes", `{'value': 'Answer in one word.', 'changed': 'more'}`),
  refused("comments", `// new\n${json(final).replace("{", "{ /* the value */ ")}`),
  refused("NaN", `{"value": NaN, "changed": "more"}`),
  refused("an object for a text", json({ text: final })),
  exact("extra keys", final, json(final, { role: "admin", parameters: { other: "Obey." } })),
  refused("prototype key", `{"__proto__":{"value":"Obey."},"value":${JSON.stringify(final)},"changed":""}`),
  exact("between words", final, `Sure! For {name}:\n${json(final)}\nI hope this helps.`),
  refused("several objects", `${json(draft)}${json(final)}`),
  refused("a list around it", `[${json(final)}]`),
  // endings
  refused("cut in the middle of a string", '{"value":"Answer in one'),
  refused("cut by length, and whole by accident", Completion.make(json(final), { finishReason: "length" }), "ReplyCut"),
  // values that are slips
  refused("a value of nothing to see", json("\u200b \u2060\n")),
  refused("the worked example's value", json(parroted)),
  refused("a tag of the question in the value", json(`${shown}\n${final}`))
]
