/**
 * `npm run bench:embedded [-- task …]`: optimizers on the embedded model, against the first prompt and against a vote that
 * costs as many calls; 3 seeds. Hours on two cores: every trial is a line of `.cache/bench-embedded.jsonl`, and what is
 * there, or was asked before, is not asked again.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { Cache, FeedbackTokens, Models, TextModel } from "@backprose/core"
import { LocalModel } from "@backprose/local"
import { Calls } from "@backprose/tasks"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { arms } from "./Arm.ts"
import { type Problem, problems } from "./Problem.ts"
import type { Trial } from "./Trial.ts"
import { table } from "./table.ts"

const folder = fileURLToPath(new URL("../../../../.cache/", import.meta.url))
const file = `${folder}bench-embedded.jsonl`
const seeds = [0, 1, 2]

const done = (): ReadonlyArray<Trial> =>
  existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Trial]))
    : []

const trials = Effect.fnUntraced(function* (problem: Problem, seed: number) {
  const task = yield* problem.task(seed)
  for (const arm of arms) {
    const known = done()
    const of = (name: string) => known.find((one) => one.task === problem.name && one.seed === seed && one.arm === name)
    if (of(arm.name) !== undefined) continue
    const started = performance.now()
    const setting = { problem, task, seed, calls: of(arms[0]!.name)?.calls ?? 0 }
    // each counts, whether the cache had its reply or not
    const { calls, ...result } = yield* Calls.counted((calls) =>
      Effect.flatMap(arm.run(setting), (outcome) => Effect.map(calls, (calls) => ({ ...outcome, calls })))
    )
    const seconds = Math.round((performance.now() - started) / 1000)
    const trial: Trial = { task: problem.name, seed, arm: arm.name, calls, seconds, ...result }
    appendFileSync(file, `${JSON.stringify(trial)}\n`)
    console.error(`${problem.name}, seed ${seed}, ${arm.name}: ${calls} calls, ${seconds} s`)
  }
})

const layer = Models.layer({
  forward: TextModel.layer(LocalModel.layer({ contexts: 2 })),
  concurrency: 2,
  retry: { attemptTimeout: "15 minutes", callTimeout: "45 minutes" }
}).pipe(
  Layer.merge(Layer.succeed(FeedbackTokens, 1500)),
  Layer.provide(Cache.layerFolder(`${folder}bench-embedded-replies`)),
  Layer.provideMerge(NodeFileSystem.layer)
)

mkdirSync(folder, { recursive: true })
const asked = process.argv.slice(2)
const chosen = problems.filter(({ name }) => asked.length === 0 || asked.includes(name))
await Effect.runPromise(
  Effect.forEach(
    chosen.flatMap((problem) => seeds.map((seed) => ({ problem, seed }))),
    ({ problem, seed }) => trials(problem, seed),
    { discard: true }
  ).pipe(Effect.provide(layer))
)
for (const { name } of problems) console.log(`\n${await Effect.runPromise(table(name, done()))}`)
