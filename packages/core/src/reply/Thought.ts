/**
 * Thinking passages that some models put before their reply. What is thought is no reply: a draft in it must never be
 * taken for the value.
 */
import * as Result from "effect/Result"

const opening = /^\s*<(think|thinking|thought|reasoning)>/i
/** By itself on a line: some servers keep the end of a passage and lose its beginning. */
const closingAlone = /^[ \t]*<\/(?:think|thinking|thought|reasoning)>[ \t]*\r?$/gim

/** What comes after the thinking; a reply that never gets beyond it says nothing. */
export const after = (reply: string): Result.Result<string, string> => {
  const name = opening.exec(reply)?.[1]
  if (name !== undefined) {
    const closing = `</${name}>`
    const end = reply.indexOf(closing)
    return end < 0
      ? Result.fail("the reply ends inside a thinking passage")
      : Result.succeed(reply.slice(end + closing.length))
  }
  const ends = [...reply.matchAll(closingAlone)]
  const [only] = ends
  return Result.succeed(ends.length === 1 && only !== undefined ? reply.slice(only.index + only[0].length) : reply)
}
