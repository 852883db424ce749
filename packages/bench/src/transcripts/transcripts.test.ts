import { Critic, Message } from "@backprose/core"
import type * as Propose from "@backprose/core/prompts/Propose"
import { assert, describe, it } from "@effect/vitest"
import { Array, Effect, Record } from "effect"
import * as Ask from "./Ask.ts"
import * as Program from "./Program.ts"
import * as Replay from "./Replay.ts"
import * as Transcript from "./Transcript.ts"

/** How a program differs: see docs/decisions/0004-differences-from-textgrad.md, which has the same table in words. */
interface Difference {
  /** Model calls: TextGrad's, ours with one call to the critic an operation, ours with one an input. */
  readonly calls: readonly [theirs: number, joint: number, perInput: number]
  /** Of TextGrad's calls, those that we do not make, by reason. */
  readonly saved: { readonly judgement?: number; readonly noFeedback?: number }
  /** Values that end differently, or that TextGrad did not live to see. */
  readonly ends?: { readonly [name: string]: string }
  /** Variables whose feedback TextGrad loses. */
  readonly forgotten?: ReadonlyArray<string>
}

const differences: { readonly [program: string]: Difference } = {
  text_loss_str_prompt: { calls: [3, 2, 2], saved: { judgement: 1 } },
  text_loss_var_prompt: { calls: [3, 2, 2], saved: { judgement: 1 } },
  constraints: { calls: [3, 2, 2], saved: { judgement: 1 } },
  in_context_examples: { calls: [3, 2, 2], saved: { judgement: 1 } },
  custom_tags_missing_in_reply: { calls: [3, 2, 2], saved: { judgement: 1 }, ends: { x: "improved value 1" } },
  gradient_memory: { calls: [12, 8, 8], saved: { judgement: 4 } },
  momentum_no_window: { calls: [0, 4, 4], saved: {}, ends: { x: "improved value 2" } },
  blackbox_prompt_optimisation: { calls: [5, 4, 4], saved: { judgement: 1 } },
  blackbox_question_and_prompt_grad: { calls: [5, 3, 4], saved: { judgement: 1 } },
  llm_call_no_system_prompt: { calls: [4, 3, 3], saved: { judgement: 1 } },
  formatted_call: { calls: [5, 4, 4], saved: { judgement: 1 } },
  multifield_evaluation: { calls: [3, 2, 2], saved: { judgement: 1 } },
  string_based_function_loss: { calls: [4, 4, 4], saved: {} },
  sum_of_one_loss: { calls: [3, 2, 2], saved: { judgement: 1 } },
  sum_of_two_losses_two_vars: { calls: [4, 2, 2], saved: { judgement: 2 } },
  batch_of_three_prompt_optimisation: { calls: [13, 10, 10], saved: { judgement: 3 } },
  aggregate_two: { calls: [2, 1, 1], saved: { judgement: 1 }, forgotten: ["y"] },
  add_variables: { calls: [2, 1, 1], saved: { judgement: 1 } },
  two_params_one_step: { calls: [7, 5, 6], saved: { judgement: 1 } },
  long_value_short_value: { calls: [3, 2, 2], saved: { judgement: 1 } },
  unused_variable_no_gradient: { calls: [3, 1, 1], saved: { judgement: 1, noFeedback: 1 }, ends: { y: "unused" } }
}

const file = Transcript.path()
const there = Transcript.available(file)
const absent = "the recordings of TextGrad are not here: set BACKPROSE_SHARED to the folder that holds data/recorded"
const transcripts = there ? await Effect.runPromise(Transcript.load(file)) : []
const nameOf = ({ id }: Transcript.Transcript) => id.slice(id.indexOf("/") + 1)

const replay = Effect.fnUntraced(function* (transcript: Transcript.Transcript, strategy: Critic.Strategy) {
  const { layer, report } = Replay.make(transcript)
  const ended = yield* Program.run(transcript.program).pipe(
    Effect.provide(layer),
    Effect.provideService(Critic.CurrentStrategy, strategy)
  )
  return { ...ended, ...(yield* report), values: Record.fromEntries(ended.variables) }
})

type Replayed = Effect.Success<ReturnType<typeof replay>>

/** Why each recorded call that we did not make was not needed. */
const reasonOf = ({ ask, call }: Replay.Recorded, { judgements }: Replayed): string => {
  if (ask.kind === "backward" && judgements.includes(Ask.output(call))) return "judgement"
  if (ask.kind === "optimizer" && !call.content.includes("</FEEDBACK>")) return "noFeedback"
  return `unexplained: ${Ask.key(ask)}`
}

const reasons = (replayed: Replayed) => {
  const all = replayed.saved.map((recorded) => reasonOf(recorded, replayed))
  return Record.map(Array.groupBy(all, String), ({ length }) => length)
}

/**
 * TextGrad's feedback on a variable as we should have it: each piece once, without its wrapping, and the judgement itself
 * in place of a critique of the judgement.
 */
const feedback = (transcript: Transcript.Transcript, name: string, { saved }: Replayed): ReadonlyArray<string> => {
  const critiques = transcript.calls.filter(({ kind }) => kind === "backward")
  const pieces = transcript.result![name]!.gradients.flatMap(({ value }) =>
    critiques.filter(({ response }) => value.includes(response))
  )
  const asOurs = (call: Transcript.Call) =>
    saved.some((recorded) => recorded.call === call) ? Ask.output(call) : call.response
  return [...new Set(pieces.map(asOurs))].sort()
}

describe.skipIf(!there)("programs recorded with TextGrad", () => {
  it("are all replayed", () => {
    assert.deepStrictEqual(transcripts.map(nameOf).sort(), Object.keys(differences).sort())
  })

  for (const transcript of transcripts) {
    const name = nameOf(transcript)
    const difference = differences[name]!
    for (const strategy of ["joint", "perInput"] as const) {
      it.effect(`${name}, ${strategy}: the same calls or fewer, and the same values`, () =>
        Effect.gen(function* () {
          const replayed = yield* replay(transcript, strategy)
          const { requests, beyond, values, said } = replayed
          const [theirs, joint, perInput] = difference.calls
          assert.strictEqual(transcript.calls.length, theirs)
          assert.strictEqual(requests.length, strategy === "joint" ? joint : perInput)
          // nothing is asked that TextGrad does not ask, where it got that far
          if (theirs > 0) assert.deepStrictEqual(beyond, [])
          assert.deepStrictEqual(reasons(replayed), difference.saved)

          const ends = Record.map(transcript.result ?? {}, ({ value }) => value)
          for (const [variable, value] of Object.entries({ ...ends, ...difference.ends })) {
            assert.strictEqual(String(values[variable]!.value), value, variable)
          }

          for (const op of transcript.result === null ? [] : transcript.program) {
            if (op.op !== "variable") continue
            const expected = difference.forgotten?.includes(op.name)
              ? replayed.judgements
              : feedback(transcript, op.name, replayed)
            assert.deepStrictEqual([...(said.get(op.name) ?? [])].sort(), expected, op.name)
          }
        })
      )
    }
  }

  const shown = (name: string) =>
    Effect.map(replay(transcripts.find((transcript) => nameOf(transcript) === name)!, "joint"), ({ requests }) =>
      requests
        .filter(({ purpose }) => purpose === "optimizer")
        .map(({ messages }) => Ask.slots<Propose.Slots>(messages.map(Message.text)))
    )

  it.effect("constraints and examples reach the editor", () =>
    Effect.gen(function* () {
      const [{ constraints }] = (yield* shown("constraints")) as [Propose.Slots]
      assert.strictEqual(constraints.length, 2)
      const [{ examples }] = (yield* shown("in_context_examples")) as [Propose.Slots]
      assert.strictEqual(examples.length, 2)
    })
  )

  it.effect(
    "memory reaches the editor: the last two versions with what was said, and none where there is no window",
    () =>
      Effect.gen(function* () {
        const remembered = yield* shown("gradient_memory")
        assert.deepStrictEqual(
          remembered.map(({ earlier }) => earlier.length),
          [0, 1, 2, 2]
        )
        assert.isTrue(remembered.at(-1)!.earlier.every((version) => version.feedback.length === 1))
        const forgetful = yield* shown("momentum_no_window")
        assert.deepStrictEqual(
          forgetful.map(({ earlier }) => earlier.length),
          [0, 0]
        )
      })
  )

  it.effect("a long value is seen whole by judge and editor", () =>
    Effect.gen(function* () {
      const [{ value }] = (yield* shown("long_value_short_value")) as [Propose.Slots]
      assert.strictEqual(value.split(" ").length, 40)
    })
  )
})

it.for(there ? [] : [absent])("replays programs recorded with TextGrad: %s", (reason, context) => {
  console.warn(`skipped: ${reason}`)
  context.skip(reason)
})

it("recordings are looked for beside the repository, or where BACKPROSE_SHARED says", () => {
  assert.match(Transcript.path({ BACKPROSE_SHARED: "/elsewhere" }), /^\/elsewhere\/data\/recorded\//)
  assert.match(Transcript.path({}), /\/shared\/data\/recorded\//)
})
