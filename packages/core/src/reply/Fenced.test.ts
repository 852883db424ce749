import { assert, describe, it } from "@effect/vitest"
import * as Fenced from "./Fenced.ts"

describe("the text of a reply that ignores its JSON", () => {
  const read: ReadonlyArray<readonly [string, string, string]> = [
    ["our own fence", "<value-0abc12>\nNew.\nTwo.\n</value-0abc12>", "New.\nTwo."],
    ["our own fence between words", "Here:\n<value-0abc12>\nNew.\n</value-0abc12>\nIt names R7.", "New."],
    ["a plain tag on one line", "<value>New.</value>", "New."],
    ["a code fence that is all", "```\nNew.\n\n- R7\n```", "New.\n\n- R7"],
    ["a code fence with a language", "```text\r\nNew.\r\nTwo.\r\n```", "New.\r\nTwo."],
    ["a longer code fence around a shorter one", "````\n```\ncode\n```\n````", "```\ncode\n```"],
    ["our own fence around a code fence", "<value>\n```\ncode\n```\n</value>", "```\ncode\n```"],
    ["our own fence around JSON", '<value>\nSay {"a":1}.\n</value>', 'Say {"a":1}.']
  ]
  for (const [how, reply, text] of read) it(`is read from ${how}`, () => assert.strictEqual(Fenced.text(reply), text))

  const doubtful: ReadonlyArray<readonly [string, string]> = [
    ["no fence", "New."],
    ["a code fence between words", "Use this format:\n```\nR7\n```\nalways."],
    ["two code fences", "```\nold\n```\n```\nnew\n```"],
    ["JSON in a code fence", '```json\n{"text":"New."}\n```'],
    ["JSON in a nameless code fence", '```\n{"text":"New."}\n```'],
    ["an open tag alone", "<value>\nNew."],
    ["a closing tag alone", "New.\n</value>"],
    ["a closing tag first", "</value>\nNew.\n<value>"],
    ["two open tags", "<value>\nOld.\n<value>\nNew.\n</value>"],
    ["two blocks", "<value>old</value>\n<value>new</value>"],
    ["a tag that quotes the tag", "<value>\nPut it into <value> tags.\n</value>"],
    ["tags that do not match", "<value-0abc12>\nNew.\n</value-0abc13>"],
    ["tags in capitals", "<VALUE>\nNew.\n</VALUE>"],
    ["entities for tags", "&lt;value&gt;\nNew.\n&lt;/value&gt;"],
    ["tags split by what nobody sees", "<value>\nNew.\n</val\u200bue>"],
    ["an early end, the real one split", "<value>\nWrite a</value> tag.\n</val\u200bue>"],
    ["a fence beside half an object", '{"value": "x\n<value>\nNew.\n</value>'],
    ["a fence beside another", "<earlier-0abc12>\nOld.\n</earlier-0abc12>\n<value>\nNew.\n</value>"],
    ["tags in a code fence", "```\n<value>\nNew.\n</value>\n```"]
  ]
  for (const [what, reply] of doubtful) {
    it(`is not guessed at from ${what}`, () => assert.isUndefined(Fenced.text(reply)))
  }
})
