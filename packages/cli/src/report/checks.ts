/**
 * What `doctor` looks at: each check is one fact about this machine, and whether it is in the way of anything.
 */
import { availableParallelism, totalmem } from "node:os"
import { LocalModel } from "@backprose/local"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import { describe } from "../exit/describe.ts"
import * as BaseUrl from "../models/BaseUrl.ts"
import * as Choice from "../models/Choice.ts"
import * as FirstModel from "../models/FirstModel.ts"
import * as weights from "../models/weights.ts"
import * as Figures from "./figures.ts"

export interface Check {
  readonly name: string
  /** `open`: nothing is wrong, but it could be more. */
  readonly state: "good" | "open" | "bad"
  readonly found: string
}

const good = (name: string, found: string): Check => ({ name, state: "good", found })
const open = (name: string, found: string): Check => ({ name, state: "open", found })
const bad = (name: string, found: string): Check => ({ name, state: "bad", found })

const oldest = [22, 19] as const

/** `version` as in `process.versions.node`. */
export const node = (version: string): Check => {
  const [major = 0, minor = 0] = version.split(".").map(Number)
  const enough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  return enough ? good("node", version) : bad("node", `${version}, but it must be ${oldest.join(".")} or newer`)
}

const machine: Effect.Effect<ReadonlyArray<Check>> = Effect.sync(() => {
  const cores = availableParallelism()
  // the larger model with its contexts
  const tight = totalmem() < 3e9
  return [
    good("cores", `${cores}`),
    (tight ? open : good)("memory", `${Figures.bytes(totalmem())}${tight ? ", little for the embedded model" : ""}`)
  ]
})

const embedded = ({ name, bytes, file }: weights.Known): Check => {
  if (Result.isSuccess(file)) return good(name, `verified, ${file.success}`)
  return bytes === undefined
    ? bad(name, file.failure)
    : open(name, `${file.failure} (${Figures.bytes(bytes)} at first use)`)
}

/** Loads the smallest model that is there: nothing less shows that the native engine works. */
const engine = (model: string | undefined): Effect.Effect<Check> =>
  model === undefined
    ? Effect.succeed(open("engine", "not tried: there are no weights to load yet"))
    : Effect.match(Effect.scoped(Layer.build(LocalModel.layer({ model, contexts: 1, fetch: false }))), {
        onSuccess: () => good("engine", `loads ${model}`),
        onFailure: (error) => bad("engine", describe(error))
      })

const endpoint = Effect.fnUntraced(function* (given: Choice.Given) {
  const { key, baseUrl } = yield* Choice.endpoint(given)
  const set = key === undefined ? open("OPENAI_API_KEY", "not set") : good("OPENAI_API_KEY", "set")
  if (baseUrl === undefined) return [set]
  const reached = yield* Effect.match(FirstModel.list(baseUrl, key), {
    onSuccess: (models) => good("endpoint", `${BaseUrl.shown(baseUrl)} lists ${Figures.of(models.length, "model")}`),
    onFailure: (error) => bad("endpoint", describe(error))
  })
  return [set, reached]
})

/** All checks, in the order they are shown. */
export const all = Effect.fnUntraced(function* (given: Choice.Given) {
  const files = yield* weights.all
  const smallest = files.findLast(({ file }) => Result.isSuccess(file))?.name
  return [
    node(process.versions.node),
    ...(yield* machine),
    ...files.map(embedded),
    yield* engine(smallest),
    ...(yield* endpoint(given))
  ]
})
