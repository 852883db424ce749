/**
 * What this command must not say: secrets in its environment and its arguments.
 */
import { Secrets } from "@backprose/core"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import type * as Screen from "../terminal/Screen.ts"

// a variable called `X_999999999` makes a list of that length
const longestList = 100

/** Every variable that the configuration comes from, by its name. */
const variables = Effect.fnUntraced(function* (): Effect.fn.Return<Record<string, string>, ConfigProvider.SourceError> {
  const provider = yield* ConfigProvider.ConfigProvider
  const found: Record<string, string> = {}
  const open: Array<ReadonlyArray<string>> = [[]]
  while (open.length > 0) {
    const path = open.pop()!
    const node = yield* provider.load(path)
    if (node === undefined) continue
    if (node.value !== undefined) found[path.join("_")] = node.value
    if (node._tag === "Record") for (const key of node.keys) open.push([...path, key])
    if (node._tag === "Array") {
      for (let i = 0; i < Math.min(node.length, longestList); i++) open.push([...path, String(i)])
    }
  }
  return found
})

/** The secrets of a command line with these arguments. */
export const of = Effect.fnUntraced(function* (args: ReadonlyArray<string>): Effect.fn.Return<Secrets.Service> {
  const environment = yield* Effect.orElseSucceed(variables(), () => ({}))
  const inArguments = args.flatMap((argument) => Secrets.inUrl(argument.replace(/^--[\w-]+=/, "")))
  return Secrets.and(yield* Secrets.Known, [...Secrets.inEnvironment(environment), ...inArguments])
})

/** A screen on which no secret is seen. */
export const masked = (screen: Screen.Service, { mask, values }: Secrets.Service): Screen.Service =>
  values.length === 0
    ? screen
    : {
        ...screen,
        out: (text) => screen.out(mask(text)),
        err: (text) => screen.err(mask(text)),
        redraw: (line) => screen.redraw(mask(line))
      }
