/** H2: what is put into a fence comes out of it, whatever it is. */
import { Fence } from "@backprose/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { Row } from "../../Row.ts"
import * as OwnTag from "./ownTag.ts"
import { hostile } from "./texts.ts"

const cases = 5000
/** Every so many, the text holds the tag of its own fence. */
const own = 500

/** What is wrong with a text in a fence, by itself and inside another one. */
const problem = (text: string, other: string): string | undefined => {
  const fenced = Fence.wrap("value", text)
  const closing = fenced.slice(fenced.lastIndexOf("\n") + 1)
  const nested = `${other}\n${fenced}\n${other}`
  if (Fence.extract(fenced) !== text) return "another text comes out"
  if (Fence.wrap("value", text) !== fenced) return "the same text is fenced in two ways"
  if (fenced.split(closing).length !== 2) return "the closing tag stands in the text"
  if (Fence.extract(Fence.wrap("value", nested)) !== nested) return "a fence in a fence does not come out"
  return undefined
}

const one = Effect.fnUntraced(function* (seed: number) {
  const some = seed % own === 0 ? OwnTag.make(`H2/${seed}`) : hostile(30)
  const [text, other] = yield* Random.withSeed(Effect.all([some, hostile(10)]), `H2/${seed}`)
  const found = problem(text, other)
  return found === undefined ? [] : [`seed ${seed}: ${found}: ${JSON.stringify(text).slice(0, 300)}`]
})

/** 5,000 texts made of fragments of tags, many built on the tag of the text so far; ten hold that of their own fence. */
export const fences: Row = {
  id: "H2",
  title: "what is put into a fence comes out of it: extract(render(v)) = v",
  wanted: "5000/5000",
  speed: "fast",
  measure: Effect.map(
    Effect.forEach(
      Array.from({ length: cases }, (_, seed) => seed),
      one
    ),
    (found) => {
      const broken = found.flat()
      return {
        figure: `${cases - broken.length}/${cases}`,
        held: broken.length === 0,
        details: broken.slice(0, 20)
      }
    }
  )
}
