/**
 * The plan of a run that is resumed: all as it was, from its record. A folder may come from anybody: it decides neither
 * which code is run nor which server is sent a key.
 */
import { basename } from "node:path"
import { Parameters } from "@backprose/core"
import { ModelCatalogue } from "@backprose/local"
import * as Effect from "effect/Effect"
import { ResumeRefused } from "../exit/errors.ts"
import * as Allowance from "../models/Allowance.ts"
import * as BaseUrl from "../models/BaseUrl.ts"
import * as Choice from "../models/Choice.ts"
import * as wayBack from "../report/wayBack.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import type { Run } from "../run/readRun.ts"
import { startingFrom } from "../tasks/LoadedTask.ts"
import * as Task from "../tasks/load.ts"
import * as Plan from "./Plan.ts"

/** As given on the command line: what must be named again, and what may be another. */
export interface Given extends Allowance.Given {
  readonly task: string | undefined
  readonly data: string | undefined
  readonly baseUrl: string | undefined
  readonly concurrency: number | undefined
}

export const asBefore = Effect.fnUntraced(function* ({ folder, record }: Run, given: Given) {
  const { settings } = record
  const spec = yield* taskOf({ folder, record }, given.task)
  const choice = yield* choiceOf(record, given.baseUrl)
  const data = yield* dataOf({ folder, record }, given.data)
  const asItIs = yield* Task.load(spec, { ...settings, limit: settings.limit, data })
  // its file may be gone, or have changed
  const loaded =
    settings.initial === undefined
      ? asItIs
      : startingFrom(asItIs, yield* Parameters.load(asItIs.task.parameters, record.initial))
  return Plan.make(record.run, { ...loaded, spec: record.task }, choice, {
    ...settings,
    batch: settings.batchSize,
    // absent is what was decided, not what is left to decide
    parents: settings.parents ?? 1,
    proposals: settings.proposals ?? 1,
    minibatchGate: settings.minibatchGate ?? "off",
    screen: settings.screen ?? 0,
    objective: settings.objectives,
    data,
    limit: settings.limit,
    onFailure: settings.onFailure,
    concurrency: given.concurrency ?? settings.concurrency,
    ...Allowance.merged(given, settings)
  })
})

const refuse = (message: string) => Effect.fail(new ResumeRefused({ message }))

const taskOf = Effect.fnUntraced(function* ({ folder, record }: Run, named: string | undefined) {
  if (record.imported !== undefined) return yield* refuse(`${folder} was taken from a log: it can only be looked at`)
  if (record.from === undefined) return yield* refuse(`${folder} was written by a version that kept no journal`)
  if (named !== undefined) return named
  if (!Task.isFile(record.task)) return record.task
  const file = yield* wayBack.taskFile(folder, record)
  if (!(yield* wayBack.mustBeNamed(folder, record))) return file
  const why = Task.isModule(record.task)
    ? "is a module, whose code is run only if you name it again"
    : "is outside of the current folder, and is read only if you name it again"
  return yield* refuse(`the run's task ${why}: --task ${wayBack.quoted(file)}`)
})

const dataOf = Effect.fnUntraced(function* ({ folder, record }: Run, named: string | undefined) {
  if (named !== undefined || record.settings.data === undefined) return named
  const data = yield* wayBack.data(folder, record)
  if (!data.mustBeNamed) return data.source
  return yield* refuse(
    `the run's data is outside of the current folder, and is read only if you name it again: --data ${wayBack.quoted(data.source)}`
  )
})

const choiceOf = Effect.fnUntraced(function* ({ models }: RunRecord, named: string | undefined) {
  const own = yield* Choice.ownFile
  // a file of the user's own goes by its own name
  const asGiven = (name: string) =>
    own !== undefined && name === `local:${basename(own)}` ? `local:${ModelCatalogue.defaultName}` : name
  const roles = [
    models.forward,
    models.backward,
    models.optimizer,
    ...(models.fallback === undefined ? [] : [models.fallback])
  ]
  const [model, backwardModel, optimizerModel, fallbackModel] = roles.map(asGiven)
  const { baseUrl } = yield* Choice.endpoint({ baseUrl: named })
  const now = baseUrl === undefined ? undefined : BaseUrl.shown(baseUrl)
  if (roles.some((name) => name.startsWith("openai:")) && now !== models.baseUrl) {
    const { baseUrl: before = "" } = models
    const asked = before === "" ? "OpenAI's own server" : URL.canParse(before) ? BaseUrl.shown(before) : "no server"
    return yield* refuse(
      now === undefined
        ? `the run asked ${asked}: if that is your server, name it again by --base-url or OPENAI_BASE_URL`
        : `the run asked ${asked}, and ${named === undefined ? "OPENAI_BASE_URL" : "--base-url"} names ${now}`
    )
  }
  return yield* Choice.of({ model, backwardModel, optimizerModel, fallbackModel, baseUrl: named })
})
