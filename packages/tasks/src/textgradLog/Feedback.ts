/**
 * What an optimizer had been told when it made an update.
 */
import type { Account, Said, Update } from "./Account.ts"

/**
 * What was said of the variable and stands in the optimizer's prompt, oldest first. What was said twice and stands there
 * once is the later of the two; words that stand there inside of others do not count.
 */
export const on = ({ said }: Account, { line, prompt, role }: Update): ReadonlyArray<Said> => {
  const earlier = said.filter(
    (one) => one.line < line && one.text.trim() !== "" && (one.role === undefined || one.role === role)
  )
  let rest = prompt
  const found = earlier
    .toSorted((a, b) => b.text.length - a.text.length || b.line - a.line)
    .filter(({ text }) => {
      const stands = rest.includes(text)
      if (stands) rest = rest.replace(text, "")
      return stands
    })
  return found.toSorted((a, b) => a.line - b.line)
}
