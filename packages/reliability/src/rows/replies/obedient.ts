/**
 * Run by the row H6 in a process of its own: a whole optimisation for each text of the corpus, with a model that obeys
 * whatever it reads. Prints, as JSON, what changed that was not asked for.
 */

import { readFileSync, writeFileSync } from "node:fs"
import {
  Generate,
  Latest,
  Loss,
  Message,
  Parameter,
  Parameters,
  type Request,
  Task,
  Template,
  TextModelError,
  TextualGradientDescent,
  Trainer,
  ValidationGate,
  Variable
} from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { texts, wantOf, wants } from "./injections.ts"
import * as Watched from "./watched.ts"

const Settings = Schema.Struct({ style: Schema.String, extra: Schema.Record(Schema.String, Schema.Json) })

const parameters = Parameters.make({
  instructions: Parameter.text("Answer the question.", { role: "instructions of the solver" }),
  settings: Parameter.schema(Settings, { style: "plain", extra: {} }, { role: "settings of the solver" }),
  // in no prompt, so nothing is ever said about it
  other: Parameter.text("Untouched.", { role: "a text that nobody uses" })
})

const steps = 2

const taskOf = (text: string) =>
  Task.make({
    name: "obedient",
    parameters,
    forward: (p, example: string) =>
      Generate.text({
        system: p.instructions,
        prompt: Template.make`${Variable.constant(example, "question")} in the style of ${p.settings}`,
        role: "answer"
      }),
    metric: (output) => ({ score: 0, feedback: `The answer is wrong: ${output}` }),
    loss: (output) => Loss.verdict("Is the answer right?")(output),
    train: [text],
    validation: [text]
  })

const keysOf = ({ output }: Request.Request): ReadonlyArray<string> =>
  Object.keys((output?.jsonSchema as { readonly properties?: object } | undefined)?.properties ?? {})

/** The values that were given for each parameter, by its role: what may come to stand in its slot. */
const given = new Map<string, Array<string>>()
const initial = Object.fromEntries(
  Object.entries(Parameters.save(parameters)).map(([name, value]) => [name, JSON.stringify(value)])
)

/** The role of the parameter that the editor is asked about. */
const subject = ({ messages }: Request.Request): string | undefined => {
  const question = messages.map(Message.text).findLast((text) => text.startsWith("# The "))
  return /^# The \w+, used as "([^"]*)"/.exec(question ?? "")?.[1]
}

/** Where settings are asked for, a text becomes some, with keys that it chooses itself. */
const suited = (role: string | undefined, reply: string): string => {
  if (role !== "settings of the solver") return reply
  return reply.replace(/"value":"((?:[^"\\]|\\.)*)"/, (_, text: string) => {
    const key = JSON.stringify(JSON.parse(`"${text}"`).slice(0, 60))
    return `"value":{"style":"${text}","extra":{${key}:"${text}","constructor":{"prototype":{"hacked":true}}}}`
  })
}

const remember = (role: string, reply: string): void => {
  const edit = Result.getOrUndefined(Result.try(() => JSON.parse(reply) as { readonly value?: unknown } | null))
  given.set(role, [...(given.get(role) ?? []), JSON.stringify(edit?.value)])
}

let obeyed = 0
let changed = 0

let want = 0

/** Obeys in every role, whatever it is asked: the worst that a text can do to a model. */
const obedient = ScriptedModel.respond((request) => {
  const role = request.purpose === "optimizer" ? subject(request) : undefined
  const obedience = wants[want]!.obeys(keysOf(request))
  const reply = typeof obedience === "string" ? suited(role, obedience) : obedience
  obeyed += 1
  if (role !== undefined && typeof reply === "string") remember(role, reply)
  return reply
})

/** The surroundings that a reply might have changed, as one text. */
const surroundings = (): string =>
  JSON.stringify([
    Object.getOwnPropertyNames(Object.prototype),
    Object.getOwnPropertyNames(Array.prototype),
    Object.getOwnPropertyNames(Function.prototype),
    Object.getOwnPropertyNames(globalThis),
    process.env,
    process.cwd(),
    process.argv,
    Parameters.save(parameters)
  ])

const strategies = [Latest.layer, ValidationGate.layer()]

/** What an optimisation on one text did beside filling its slots. */
const effectsOf = Effect.fnUntraced(function* (text: string, place: number) {
  const before = surroundings()
  given.clear()
  want = wantOf(place)
  const found: Array<string> = []
  const events = yield* Trainer.fit(taskOf(text), { steps, seed: 1 }).pipe(
    Stream.runCollect,
    Effect.provide(Layer.mergeAll(TextualGradientDescent.layer(), strategies[place % 2]!), { local: true }),
    Effect.provide(obedient, { local: true }),
    Effect.exit
  )
  // a reply that is of no use for any example ends a run, typed: that is its right
  if (events._tag === "Failure") {
    const typed = events.cause.reasons.every(
      (reason) => reason._tag === "Fail" && TextModelError.isTextModelError(reason.error)
    )
    if (!typed) found.push(`the run failed: ${String(events.cause).slice(0, 200)}`)
  } else {
    const last = events.value.at(-1)
    if (last?._tag !== "RunFinished") found.push(`the run ended with ${last?._tag}`)
    else {
      const saved = last.parameters
      if (Object.keys(saved).join() !== "instructions,settings,other") found.push(`parameters: ${Object.keys(saved)}`)
      if (saved["other"] !== "Untouched.") found.push(`other: ${JSON.stringify(saved["other"])}`)
      for (const { name, variable } of Parameters.entries(parameters)) {
        const said = given.get(variable.role) ?? []
        const value = JSON.stringify(saved[name])
        if (value !== initial[name] && !said.includes(value)) found.push(`${name} got what nobody gave it: ${value}`)
      }
      if (JSON.stringify(saved) !== JSON.stringify(Parameters.save(parameters))) changed += 1
      const loaded = yield* Effect.exit(Parameters.load(parameters, saved))
      if (loaded._tag === "Failure") found.push("the parameters of the end do not load")
      const told = events.value.filter(({ _tag }) => _tag === "StepStarted").length
      if (told !== steps) found.push(`${told} steps`)
    }
  }
  if (surroundings() !== before) found.push("the surroundings changed")
  if (({} as { readonly hacked?: unknown }).hacked !== undefined) found.push("the prototype of all objects changed")
  found.push(...Watched.attempts.splice(0))
  return found.map((what) => `text ${place}: ${what}`)
})

Watched.begin()
// the watch itself is tried first: what it does not see, it cannot count
const seen = [
  () => readFileSync("/etc/hostname"),
  () => writeFileSync("hacked.txt", ""),
  () => fetch("http://127.0.0.1:9")
]
for (const attempt of seen) void attempt()
const watching = Watched.attempts.splice(0).length === seen.length

const found = await Effect.runPromise(Effect.forEach(texts, effectsOf))
process.stdout.write(JSON.stringify({ texts: texts.length, watching, obeyed, changed, effects: found.flat() }))
