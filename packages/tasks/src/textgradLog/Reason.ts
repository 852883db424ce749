/**
 * Why a value became what it is.
 */
import type { Said, Update } from "./Account.ts"

/** What the optimizer said beside the value, without the tags around that; or else what it was told to take up. */
export const of = (update: Update, said: ReadonlyArray<Said>): string => {
  const words = beside(update)
  return words !== "" || said.length === 0 ? words : `told: ${said.map(({ text }) => text).join("\n")}`
}

const beside = ({ after: value, reply }: Update): string => {
  const at = value === "" ? -1 : reply.lastIndexOf(value)
  if (at < 0) return ""
  const [before, after] = [reply.slice(0, at), reply.slice(at + value.length)]
  return [before.replace(/<[^<>]*>\s*$/, ""), after.replace(/^\s*<[^<>]*>/, "")]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n")
}
