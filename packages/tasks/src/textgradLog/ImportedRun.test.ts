import { Event } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema, Stream } from "effect"
import * as Log from "../../fixture/textgradLog.ts"
import * as ImportedRun from "./ImportedRun.ts"
import * as Shortened from "./Shortened.ts"
import * as TextGradLog from "./TextGradLog.ts"

const imported = Effect.fnUntraced(function* (...lines: ReadonlyArray<Log.Line>) {
  const account = yield* TextGradLog.read(Stream.fromIterable(Log.text(...lines).split("\n")))
  return ImportedRun.of(account, { run: "then", task: "a.jsonl" })!
})

type Told<Tag> = ReadonlyArray<Extract<Event.Event, { readonly _tag: Tag }>>
const told = <Tag extends Event.Event["_tag"]>({ events }: ImportedRun.ImportedRun, tag: Tag) =>
  events.filter(({ _tag }) => _tag === tag) as unknown as Told<Tag>

const role = "instructions of the solver"
const about = (value: string) => ({ role, shown: Shortened.of(value) })
const [first, second, third] = ["a", "b", "c"].map((stem) => Log.words(30, stem)) as [string, string, string]
const forward = (value: string) => Log.forward(value, "How many?", "Three.")

describe("a log as a run", () => {
  it.effect("begins with the whole value, which only a call shows, and goes from value to value", () =>
    Effect.gen(function* () {
      const run = yield* imported(
        forward(first),
        ...Log.criticism(about(first), "Name the kinds."),
        ...Log.updated({ ...about(first), said: "Name the kinds.", beside: "I name them." }, second),
        forward(second),
        ...Log.criticism(about(second), "Sum up."),
        ...Log.updated({ ...about(second), said: "Sum up." }, third)
      )
      assert.deepStrictEqual([run.initial, run.last], [{ [role]: first }, { [role]: third }])
      assert.deepStrictEqual([run.steps, run.candidate, run.calls, run.imported.shortened], [2, 2, 6, []])
      assert.deepStrictEqual(
        told(run, "Proposed").map(({ candidate, changes, parent, step, usage }) => [
          step,
          candidate,
          parent,
          usage.calls,
          changes
        ]),
        [
          [1, 1, 0, 3, [{ parameter: role, before: first, after: second, reason: "I name them." }]],
          // an optimizer that said nothing was told something
          [2, 2, 1, 6, [{ parameter: role, before: second, after: third, reason: "told: Sum up." }]]
        ]
      )
      assert.deepStrictEqual(
        told(run, "FeedbackGiven").map(({ candidate, feedback }) => [candidate, feedback.map(({ text }) => text)]),
        [
          [0, ["Name the kinds."]],
          [1, ["Sum up."]]
        ]
      )
      assert.deepStrictEqual(
        told(run, "RunFinished").map(({ candidate, stopped }) => [candidate, stopped]),
        [[2, "log"]]
      )
    })
  )

  it.effect("is events of ours, which a file gives back as they were", () =>
    Effect.gen(function* () {
      const { events } = yield* imported(
        forward(first),
        ...Log.updated(about(first), second),
        ...Log.failed(about(second))
      )
      const codec = Schema.fromJsonString(Schema.Array(Event.Event))
      const json = yield* Schema.encodeEffect(codec)(events)
      assert.deepStrictEqual(yield* Schema.decodeUnknownEffect(codec)(json), events)
    })
  )

  it.effect("knows what the program put back by what it improved next, or called last", () =>
    Effect.gen(function* () {
      const update = (from: string, to: string) => Log.updated(about(from), to)
      const validated = yield* imported(
        forward(first),
        ...update(first, second),
        forward(second),
        ...update(first, third),
        forward(third)
      )
      assert.deepStrictEqual(
        told(validated, "Proposed").map(({ parent }) => parent),
        [0, 0]
      )
      assert.deepStrictEqual(
        [told(validated, "Rejected"), told(validated, "Accepted")].map((all) => all.map(({ candidate }) => candidate)),
        [[1], [2]]
      )
      assert.deepStrictEqual(validated.last, { [role]: third })
      const again = yield* imported(
        forward(first),
        ...update(first, second),
        ...update(first, third),
        forward(second),
        ...update(second, "D")
      )
      assert.deepStrictEqual(
        told(again, "Rejected").map(({ candidate }) => candidate),
        [2]
      )
      const tested = yield* imported(forward(first), ...update(first, second), forward(second), forward(first))
      assert.deepStrictEqual([tested.candidate, tested.last], [0, { [role]: first }])
      const kept = yield* imported(forward(first), ...update(first, second), forward(first), forward(second))
      assert.deepStrictEqual([kept.candidate, kept.last], [1, { [role]: second }])
    })
  )

  it.effect("tells variables of one role apart by their values, in threads too", () =>
    Effect.gen(function* () {
      const run = yield* imported(
        ...Log.updated({ role, shown: "A" }, "A1", "1"),
        ...Log.updated({ role, shown: "B" }, "B1", "2"),
        Log.forward("s", "A1", "r", "1"),
        ...Log.updated({ role, shown: "A1" }, "A2", "1"),
        Log.forward("s", "B1", "r", "2"),
        ...Log.updated({ role, shown: "B1" }, "B2", "2")
      )
      assert.deepStrictEqual(run.initial, { [role]: "A", [`${role} (2)`]: "B" })
      assert.deepStrictEqual(run.last, { [role]: "A2", [`${role} (2)`]: "B2" })
      assert.deepStrictEqual(
        told(run, "Proposed").map(({ parent }) => parent),
        [0, 1, 2, 3]
      )
    })
  )

  it.effect("tells them apart by their threads where they have the same values", () =>
    Effect.gen(function* () {
      const run = yield* imported(
        ...Log.updated({ role, shown: "A" }, "B", "1"),
        ...Log.updated({ role, shown: "A" }, "B", "2"),
        Log.forward("s", "B", "r", "1"),
        ...Log.updated({ role, shown: "B" }, "C", "1"),
        // a pool may go on with it elsewhere
        ...Log.updated({ role, shown: "C" }, "D", "3")
      )
      assert.deepStrictEqual(run.last, { [role]: "D", [`${role} (2)`]: "B" })
    })
  )

  it.effect("gives an update all that its optimizer was told, each as often as it stands there", () =>
    Effect.gen(function* () {
      const [variable, other] = [
        { role, shown: "A" },
        { role: "other", shown: "X" }
      ]
      const run = yield* imported(
        ...Log.criticism(variable, "Be kind."),
        ...Log.criticism(variable, "Be kind."),
        ...Log.criticism(other, "Be kind."),
        Log.record("_backward_through_string_fn gradient", { _backward_through_string_fn: "Be kind." }),
        ...Log.criticism(variable, "kind"),
        ...Log.criticism(variable, "Not in the prompt."),
        ...Log.criticism(variable, ""),
        Log.record("Idempotent backward", { v_gradient_value: "All in all.", summation_role: "a sum" }),
        ...Log.updated({ ...variable, said: "Be kind. All in all." }, "B")
      )
      assert.deepStrictEqual(
        told(run, "FeedbackGiven").flatMap(({ feedback }) => feedback.map(({ from, text }) => [from, text])),
        [
          ["a function", "Be kind."],
          ["a sum", "All in all."]
        ]
      )
    })
  )

  it.effect("says where it has no more of a value than its ends", () =>
    Effect.gen(function* () {
      const images = Log.record("MultimodalLLMCall function forward", { text: `System:None\n['${first}', b'PNG']` })
      const run = yield* imported(images, ...Log.updated(about(first), second))
      assert.deepStrictEqual([run.imported.shortened, run.initial], [[role], { [role]: Shortened.of(first) }])
      assert.strictEqual(run.calls, 2)
    })
  )

  it.effect(
    "ends with a failure where the optimizer's last reply held no value, and skips the step where more follows",
    () =>
      Effect.gen(function* () {
        const lines = [...Log.updated({ role, shown: "A" }, "B"), forward("B"), ...Log.failed({ role, shown: "B" })]
        const ended = yield* imported(...lines)
        assert.match(ended.error ?? "", /^line 7 of the log: the optimizer's reply held no new value/)
        assert.deepStrictEqual([told(ended, "RunFinished").length, told(ended, "StepSkipped").length], [0, 1])
        const went = yield* imported(...lines, forward("B"), ...Log.updated({ role, shown: "B" }, "C"))
        assert.deepStrictEqual(
          [went.error, went.steps, went.last, told(went, "StepSkipped").map(({ step }) => step)],
          [undefined, 3, { [role]: "C" }, [2]]
        )
      })
  )

  it.effect("is none where nothing was updated", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* imported(forward(first), ...Log.criticism(about(first), "no")))
    })
  )

  const Moves = Schema.Array(Schema.Struct({ back: Schema.Literals([0, 0, 1, 2, 3]), long: Schema.Boolean }))
  it.effect.prop(
    "has the values that its program had, whatever that put back",
    [Moves.check(Schema.isMinLength(1), Schema.isMaxLength(12))],
    ([moves]) =>
      Effect.gen(function* () {
        let value = "the first of all"
        const had = [value]
        const [expected, lines]: [Array<readonly [string, string]>, Array<Log.Line>] = [[], []]
        for (const [i, { back, long }] of moves.entries()) {
          value = had[Math.max(0, had.length - 1 - back)]!
          lines.push(forward(value))
          const next = long ? Log.words(25, `v${i}.`) : `v${i}`
          lines.push(...Log.updated(about(value), next))
          expected.push([value, next])
          value = next
          had.push(value)
        }
        const run = yield* imported(...lines)
        const proposed = told(run, "Proposed")
        assert.deepStrictEqual(
          proposed.map(({ changes }) => [changes[0]!.before, changes[0]!.after]),
          expected.map((pair) => [...pair])
        )
        // each extends the candidate whose value it had
        for (const { changes, parent } of proposed) assert.strictEqual(changes[0]!.before, had[parent])
        assert.deepStrictEqual(run.last, { [role]: value })
        assert.strictEqual(told(run, "Accepted").at(-1)?.candidate, moves.length)
      })
  )
})
