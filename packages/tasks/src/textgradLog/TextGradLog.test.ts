import { existsSync, readdirSync, readFileSync, statSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Log from "../../fixture/textgradLog.ts"
import * as ImportedRun from "./ImportedRun.ts"
import * as TextGradLog from "./TextGradLog.ts"

const read = (text: string) => TextGradLog.read(Stream.fromIterable(text.split("\n")))
const style = { role: "style", shown: "Be brief." }

describe("a log of TextGrad", () => {
  it.effect("is read as the calls that it holds, prompts with their replies", () =>
    Effect.gen(function* () {
      const { calls, endedAt, records, startedAt, unknown } = yield* read(
        Log.text(
          Log.forward("Be brief.", "How many?", "Three."),
          Log.record("StringBasedFunction", { text: "In: {'x': Three.}, Out: 0" }),
          ...Log.criticism(style, "Say what is counted."),
          Log.record("Reducing gradients for group 7", { gradients: "{}" }),
          Log.record("Reduced gradients", { reduced_gradients: "Name it." }),
          Log.record("Reduced gradients", { reduced_gradients: "Name it." }),
          ...Log.updated({ ...style, said: "Name it." }, "Be exact.")
        )
      )
      assert.deepStrictEqual(
        calls.map(({ kind, response, role }) => [kind, response, role]),
        [
          ["forward", "Three.", undefined],
          ["function", "0", undefined],
          ["backward", "Say what is counted.", "style"],
          ["reduce", "Name it.", undefined],
          ["optimizer", "<NEW>Be exact.</NEW>", "style"]
        ]
      )
      assert.deepStrictEqual([calls[0]!.system, calls[0]!.prompt], ["Be brief.", "How many?"])
      assert.include(calls[2]!.prompt, "what is amiss")
      assert.deepStrictEqual([records, endedAt - startedAt, unknown.length], [10, 900, 0])
    })
  )

  it.effect("says of a forward call that can be cut up in several ways that it can", () =>
    Effect.gen(function* () {
      const { calls } = yield* read(
        Log.text(
          Log.forward("None", "Q\nResponse: this was said", "A"),
          Log.forward("s", "q", "r"),
          Log.record("MultimodalLLMCall function forward", { text: "System:see\n[image, 'what?']" })
        )
      )
      assert.deepStrictEqual(
        calls.map(({ isAmbiguous, prompt, response, system }) => [system, prompt, response, isAmbiguous]),
        [
          [undefined, "Q\nResponse: this was said", "A", true],
          ["s", "q", "r", undefined],
          ["see", "[image, 'what?']", undefined, undefined]
        ]
      )
    })
  )

  it.effect("of several threads is followed thread by thread", () =>
    Effect.gen(function* () {
      const other = { role: "task", shown: "Count." }
      const [a, b] = [Log.criticism(style, "too long", "1"), Log.criticism(other, "too short", "2")]
      const [one, two] = [Log.updated(style, "Short.", "1"), Log.updated(other, "Count all.", "2")]
      const woven = [a[0]!, b[0]!, b[1]!, a[1]!, one[0]!, two[0]!, one[1]!, two[1]!, two[2]!, one[2]!]
      const { said, updates } = yield* read(Log.text(...woven))
      assert.deepStrictEqual(
        said.map(({ role, text }) => [role, text]),
        [
          ["task", "too short"],
          ["style", "too long"]
        ]
      )
      assert.deepStrictEqual(
        updates.map(({ after, role, step }) => [role, after, step]),
        [
          ["task", "Count all.", 1],
          ["style", "Short.", 2]
        ]
      )
    })
  )

  it.effect("has one step where an optimizer updates several variables, and another when one comes round again", () =>
    Effect.gen(function* () {
      const { updates } = yield* read(
        Log.text(
          ...Log.updated(style, "Short."),
          ...Log.updated({ role: "task", shown: "Count." }, "Count all."),
          ...Log.updated({ role: "style", shown: "Short." }, "Shorter."),
          Log.forward("Shorter.", "q", "r"),
          ...Log.updated({ role: "task", shown: "Count all." }, "Sum up.")
        )
      )
      assert.deepStrictEqual(
        updates.map(({ step }) => step),
        [1, 1, 2, 3]
      )
    })
  )

  it.effect("has prompts of several parts as Python shows a list", () =>
    Effect.gen(function* () {
      const list = String.raw`['<ROLE>style</ROLE> <VARIABLE> It\'s \\frac{1}{2}:\n\x7e\u2713 </VARIABLE>', b'\x89PNG']`
      const { updates } = yield* read(
        Log.text(
          Log.record("TextualGradientDescent prompt for update", { prompt: list }),
          ...Log.updated(style, "Short.").slice(1)
        )
      )
      assert.strictEqual(updates[0]?.shown, "It's \\frac{1}{2}:\n~✓")
    })
  )

  it.effect("may have numbers for strings, `msg` alone, and an update logged twice", () =>
    Effect.gen(function* () {
      const [asked, replied, set] = Log.updated(style, "Short.").map((line, n) => JSON.parse(line(n)))
      const again = { ...set, message: "TextualGradientDescentwithMomentum updated text" }
      const { message: _, ...old } = { ...asked, created: 1.5, thread: 1, process: 7 }
      const lines = [old, { ...replied, thread: 1 }, set, again].map((fields) => JSON.stringify(fields))
      const { momentum, startedAt, unknown, updates } = yield* read(lines.join("\r\n"))
      assert.deepStrictEqual([updates.length, unknown.length, momentum, startedAt], [1, 0, true, 1500])
    })
  )

  it.effect("may end while a model was asked", () =>
    Effect.gen(function* () {
      const { calls } = yield* read(Log.text(Log.criticism(style, "")[0]!, Log.asked(style, "")))
      assert.deepStrictEqual(
        calls.map(({ kind, line, response, role }) => [kind, line, role, response]),
        [
          ["backward", 1, "style", undefined],
          ["optimizer", 2, "style", undefined]
        ]
      )
    })
  )

  it.effect("keeps records that mean nothing here", () =>
    Effect.gen(function* () {
      const { unknown } = yield* read(
        Log.text(Log.record("Cache warmed", { size: "3" }), Log.record("TextualGradientDescent updated text"))
      )
      assert.deepStrictEqual(
        unknown.map(({ fields, line, message }) => [line, message, fields["size"]]),
        [
          [1, "Cache warmed", "3"],
          [2, "TextualGradientDescent updated text", undefined]
        ]
      )
    })
  )

  it.effect("is refused at the first line that is no record, but for a last one that is cut off", () =>
    Effect.gen(function* () {
      const whole = Log.text(Log.forward("s", "q", "r"))
      for (const [text, line, problem] of [
        [`${whole}\n{"messa\n${whole}`, 3, "it is no JSON object"],
        [`${whole}[]\n${whole}`, 2, "it is no JSON object"],
        [`{"_tag":"RunStarted"}\n${whole}`, 1, `it has no "message": it is no record of TextGrad's log`],
        [`{"message":"x"}\n`, 1, `its "created" is no time: it is no record of TextGrad's log`],
        ["", 1, "the log is empty"]
      ] as const) {
        const error = yield* Effect.flip(read(text))
        assert.deepStrictEqual([error.line, error.problem], [line, problem])
      }
      const { records, torn } = yield* read(`${whole}${whole.slice(0, 40)}`)
      assert.deepStrictEqual([records, torn], [1, 2])
    })
  )
})

/** A log that the real TextGrad wrote, or a folder of them. */
const given = process.env["BACKPROSE_TEXTGRAD_LOG"] ?? ""
const there = given !== "" && existsSync(given)
if (!there)
  console.log("skipped: no log of the real TextGrad is read: set BACKPROSE_TEXTGRAD_LOG to one, or to a folder")

describe("logs of the real TextGrad", () => {
  const files = !there
    ? []
    : statSync(given).isDirectory()
      ? readdirSync(given, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"))
      : [""]
  it.effect.skipIf(!there)(
    "are understood whole: each update has its variable, what was said of it, and its value before",
    () =>
      Effect.gen(function* () {
        assert.isAbove(files.length, 0)
        for (const file of files) {
          const account = yield* read(readFileSync(join(given, file), "utf8"))
          assert.deepStrictEqual(account.unknown, [], file)
          const run = ImportedRun.of(account, { run: "run", task: "task" })
          assert.isDefined(run, file)
          // a call with images is logged as Python shows a list: no value is taken from there
          const images = account.calls.some(({ kind, response }) => kind === "forward" && response === undefined)
          if (!images) assert.deepStrictEqual(run?.imported.shortened, [], file)
          const changes = run?.events.flatMap((event) => (event._tag === "Proposed" ? event.changes : [])) ?? []
          assert.strictEqual(changes.length, account.updates.length)
          const criticised = run?.events.filter(({ _tag }) => _tag === "FeedbackGiven").length
          assert.strictEqual(criticised, changes.length, file)
        }
      })
  )
})
