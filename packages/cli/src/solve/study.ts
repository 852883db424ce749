/**
 * The answers of a ready task, improved one question at a time, beside what other methods make of as many calls. Replies are
 * kept in the study's folder: the same command with that folder goes on where it was.
 */
import { createHash } from "node:crypto"
import { Journal, UsageMeter } from "@backprose/core"
import { type AnyStudy, type Attempt, Comparison, ReadyTasks, type SolutionTask, StudyReport } from "@backprose/tasks"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { OptionInvalid } from "../exit/errors.ts"
import type * as Choice from "../models/Choice.ts"
import * as models from "../models/layer.ts"
import * as ModelName from "../models/ModelName.ts"
import { asTextGrad } from "../report/asTextGrad.ts"
import { invocation } from "../report/invocation.ts"
import * as studied from "../report/studied.ts"
import * as ticker from "../report/ticker.ts"
import * as wayBack from "../report/wayBack.ts"
import * as runJournal from "../run/journal.ts"
import * as StudyFolder from "../run/StudyFolder.ts"
import * as StudyRecord from "../run/StudyRecord.ts"
import * as services from "../tasks/services.ts"
import { Screen } from "../terminal/Screen.ts"

export interface Given {
  readonly steps: number | undefined
  readonly limit: number | undefined
  readonly seed: number
  readonly data: string | undefined
  readonly order: "sound" | "textgrad" | undefined
  readonly scoring: "exact" | "textgrad" | undefined
  readonly runDir: string | undefined
  readonly json: boolean
}

// what fits beside a question, and can be rewritten whole, in the context of an embedded model
const embeddedReasoning = 1000

/** The ready task of a name, or why there is none to solve. */
export const find = (name: string): Effect.Effect<SolutionTask, OptionInvalid> => {
  const ready = ReadyTasks.solution(name)
  if (ready !== undefined) return Effect.succeed(ready)
  const names = ReadyTasks.solutions.map((task) => task.name).join(", ")
  return Effect.fail(new OptionInvalid({ message: `"${name}" is no task to solve: there are ${names}` }))
}

const roles = ({ backward, forward, optimizer }: Choice.Choice) => ({
  forward: ModelName.render(forward),
  backward: ModelName.render(backward),
  optimizer: ModelName.render(optimizer)
})

/** What must be the same when a study is gone on with. */
const fingerprint = (study: AnyStudy, choice: Choice.Choice, given: Given, updates: number) => ({
  "the task": study.name,
  "its questions": createHash("sha256").update(JSON.stringify(study.examples)).digest("hex"),
  "the updates": `${updates}`,
  "the seed": `${given.seed}`,
  // journals of earlier versions know nothing of it
  ...(given.scoring === undefined ? {} : { "the scoring": given.scoring }),
  ...Object.fromEntries(Object.entries(roles(choice)).map(([role, name]) => [`the ${role} model`, name]))
})

/** The folder, made where it is not there; `undefined` where nothing is kept. */
const folderOf = Effect.fnUntraced(function* (task: SolutionTask, { runDir }: Given, name: string) {
  if (runDir === undefined && task.isConfidential === true) return undefined
  const folder = runDir ?? `${StudyFolder.studiesFolder}/${name}`
  yield* StudyFolder.make(folder)
  return folder
})

/** Runs a study from its data to its last line. */
export const run = Effect.fnUntraced(function* (
  task: SolutionTask,
  {
    choice,
    given,
    name,
    policies
  }: {
    readonly choice: Choice.Choice
    readonly given: Given
    /** Of its folder, where none is named. */
    readonly name: string
    readonly policies: models.Policies
  }
) {
  const screen = yield* Screen
  const updates = given.steps ?? task.defaults.updates
  const { data, order, scoring, seed } = given
  if (scoring === "textgrad" && task.isTextGrads !== true) {
    const theirs = ReadyTasks.solutions.filter(({ isTextGrads }) => isTextGrads).map(({ name }) => name)
    const message = `--scoring textgrad: TextGrad scores no answers of "${task.name}"; it does of ${theirs.join(", ")}`
    return yield* new OptionInvalid({ message })
  }
  if (task.isConfidential === true && policies.cache === true) {
    const message = `--cache would keep the questions of "${task.name}", which its authors ask not to be copied`
    return yield* new OptionInvalid({ message })
  }
  const limit = given.limit ?? task.defaults.limit
  const reasoning = models.isLocal(choice) ? embeddedReasoning : undefined
  const study = yield* task.make({ seed, data, order, scoring, updates, limit, reasoning })
  const folder = yield* folderOf(task, given, name)
  const where =
    folder === undefined ? "nothing is kept: its authors ask that the questions are not copied" : `kept in ${folder}`
  if (!given.json) {
    const methods = study.methods.map(({ name }) => name).join(", ")
    const how = asTextGrad(given).map((words) => `${words}; `)
    yield* screen.err(screen.errStyle.dim(`  ${study.examples.length} questions; ${methods}; ${how.join("")}${where}`))
  }

  yield* Effect.gen(function* () {
    const kept = folder === undefined ? StudyFolder.none : yield* StudyFolder.open(folder)
    const meter = yield* UsageMeter
    const startedAt = yield* Clock.currentTimeMillis
    const attempts: Array<Attempt.Attempt> = []
    const total = study.examples.length * study.methods.length
    const recorded = Effect.fnUntraced(function* (
      status: StudyRecord.StudyRecord["status"],
      found: Pick<StudyRecord.StudyRecord, "report" | "gaps">
    ) {
      const record: StudyRecord.StudyRecord = {
        _tag: "StudyRecord",
        version: 1,
        task: task.name,
        status,
        models: roles(choice),
        seed,
        updates,
        ...(data === undefined ? {} : { data }),
        ...(order === undefined ? {} : { order }),
        ...(scoring === undefined ? {} : { scoring }),
        attempts: total,
        ...found,
        usage: yield* meter.read,
        spend: yield* meter.spend,
        elapsedMs: (yield* Clock.currentTimeMillis) - startedAt
      }
      yield* kept.saveRecord(record)
      return record
    })
    const soFar = Effect.suspend(() => StudyReport.make(study.name, attempts))
    yield* recorded("running", { report: yield* soFar })
    if (!given.json)
      yield* ticker.start((moment) => Effect.sync(() => studied.live({ attempts: attempts.length, total }, moment)))
    const found = yield* Effect.gen(function* () {
      const report = yield* Comparison.run(study, {
        concurrency: policies.concurrency,
        onAttempt: Effect.fnUntraced(function* (attempt) {
          attempts.push(attempt)
          yield* kept.append(attempt)
          if (given.json) yield* screen.out(StudyRecord.attemptLine(attempt))
          else if (attempt._tag === "Failed") yield* screen.err(studied.failed(attempt))
        })
      })
      const gaps = task.gap === undefined ? undefined : yield* task.gap(study.examples, attempts)
      return { report, ...(gaps === undefined ? {} : { gaps }) }
    }).pipe(Effect.onError(() => Effect.flatMap(soFar, (report) => Effect.ignore(recorded("stopped", { report })))))
    const record = yield* recorded("finished", found)
    yield* Effect.flatMap(Journal.Journal, ({ end }) => end(false))
    if (given.json) return yield* screen.out(StudyRecord.recordLine(record))
    for (const line of ["", ...studied.lines(record, screen.outStyle)]) yield* screen.out(line)
  }).pipe(
    Effect.onExit((exit) =>
      folder === undefined || given.json || exit._tag === "Success"
        ? Effect.void
        : screen.err(
            `  go on with the same command and --run-dir ${wayBack.quoted(folder)}: no reply is asked for twice\n` +
              `  so far: ${invocation()} show ${wayBack.quoted(folder)}`
          )
    ),
    Effect.scoped,
    Effect.provide(services.of(choice, policies)),
    Effect.provide(
      folder === undefined ? Layer.empty : runJournal.layer(folder, fingerprint(study, choice, given, updates))
    )
  )
})
