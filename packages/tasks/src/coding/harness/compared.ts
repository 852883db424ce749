/**
 * A test in JavaScript that only asserts an equation, taken apart, so that a failure tells both values: `assert(f(1) === 2)`
 * becomes `assert.compared(f(1), 2, (a, b) => a === b)`. Any other test is left as it is.
 */
export const compared = (test: string): string => {
  const condition = /^(?:console\s*\.\s*)?assert\s*\(([\s\S]*)\)\s*;?\s*$/.exec(test.trim())?.[1]
  if (condition === undefined) return test
  const outside = bare(condition)
  const signs = [...outside.matchAll(/[=!]==?/g)]
  const [sign] = signs
  // with anything beside it, it would be another equation
  if (sign === undefined || signs.length > 1 || /[,;?&|<>=]/.test(outside.replace(sign[0], " "))) return test
  if (sign[0].startsWith("!")) return test
  const left = condition.slice(0, sign.index)
  const right = condition.slice(sign.index + sign[0].length)
  return `assert.compared(${left.trim()}, ${right.trim()}, (a, b) => a ${sign[0]} b)`
}

/** The text with all that is in brackets or quotes blanked; not blanked where a bracket is not closed, so that nothing fits. */
const bare = (code: string): string => {
  let depth = 0
  let quote = ""
  let outside = ""
  for (let i = 0; i < code.length; i++) {
    const character = code[i]!
    const inside = depth > 0 || quote !== ""
    if (quote !== "") {
      if (character === "\\") {
        outside += " "
        i++
      } else if (character === quote) quote = ""
    } else if (`"'\``.includes(character)) quote = character
    else if ("([{".includes(character)) depth++
    else if (")]}".includes(character)) depth--
    if (depth < 0) return ";"
    outside += inside || depth > 0 || quote !== "" ? " " : character
  }
  return depth === 0 && quote === "" ? outside : ";"
}
