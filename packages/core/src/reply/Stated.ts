/**
 * The one value that a reply states. Models write JSON alone, in a code fence, between words or after thinking; they also
 * write drafts, alternatives and halves. What could be meant in two ways is refused: asking again costs one call, and a
 * draft that is taken for the answer is never found out.
 */
import * as Result from "effect/Result"
import * as Json from "../model/Json.ts"
import * as Thought from "./Thought.ts"

/** The value in a reply that `fits`, or what is wrong with it in words. */
export const value = <A>(
  reply: string,
  fits: (json: unknown) => Result.Result<A, string>
): Result.Result<A, string> => {
  const whole = reply.replace(/^\uFEFF/, "").trim()
  const alone = Json.parse(whole)
  if (Result.isSuccess(alone)) return fits(alone.success)
  return Result.flatMap(Thought.after(whole), (rest) => {
    const said = rest.trim()
    const inFence = /^(`{3,})\w*[ \t]*\r?\n([\s\S]*?)\r?\n?\1$/.exec(said)?.[2]
    const inside = [said, ...(inFence === undefined ? [] : [inFence])].map(Json.parse).find(Result.isSuccess)
    return inside === undefined ? among(said, fits, alone.failure) : fits(inside.success)
  })
}

/** An object in a text, and where. */
interface Place<A> {
  readonly start: number
  readonly end: number
  readonly fit: Result.Result<A, string>
  readonly json: string
}

/** Words between braces that are no data: templates speak of {name} and {{name}}. */
const placeholder = /\{\{?[\w .-]{0,60}\}?\}/

const objects = <A>(
  text: string,
  fits: (json: unknown) => Result.Result<A, string>
): Result.Result<ReadonlyArray<Place<A>>, string> => {
  const found: Array<Place<A>> = []
  const word = new RegExp(placeholder, "y")
  for (let start = text.indexOf("{"); start >= 0; ) {
    const one = Json.at(text, start)
    word.lastIndex = start
    if (Result.isSuccess(one)) {
      const { end, value } = one.success
      found.push({ start, end, fit: fits(value), json: JSON.stringify(value) })
      start = text.indexOf("{", end)
    } else if (word.test(text)) start = text.indexOf("{", word.lastIndex)
    // part of an object, or a broken one: it may be the one that was meant
    else return Result.fail(one.failure)
  }
  return Result.succeed(found)
}

/** The object between other words, where there is one and nothing else that could be it. */
const among = <A>(
  text: string,
  fits: (json: unknown) => Result.Result<A, string>,
  notAlone: string
): Result.Result<A, string> =>
  Result.flatMap(objects(text, fits), (found) => {
    const fitting = found.filter(({ fit }) => Result.isSuccess(fit))
    const last = fitting.at(-1)
    if (last === undefined) return found.length === 1 ? found[0]!.fit : Result.fail(notAlone)
    if (fitting.some(({ json }) => json !== last.json)) {
      return Result.fail("not one value: several objects that differ fit, and which of them is meant is not said")
    }
    if (/[{}]/.test(without(text, fitting).replaceAll(new RegExp(placeholder, "g"), ""))) {
      return Result.fail("not one value: beside the object that fits there is another, or a part of one")
    }
    return /\[\s*$/.test(text.slice(0, fitting[0]!.start)) || /^\s*\]/.test(text.slice(last.end))
      ? Result.fail("not one value: a list of objects")
      : last.fit
  })

const without = (text: string, places: ReadonlyArray<{ readonly start: number; readonly end: number }>): string =>
  [...places, { start: text.length }].map(({ start }, i) => text.slice(places[i - 1]?.end ?? 0, start)).join("")
