/** An expression worked out one operation at a time, as on paper. */

/** An operator: where it stands with its operands, and what comes out. The tightest is applied first, from the left. */
export interface Operator {
  readonly pattern: RegExp
  readonly apply: (...operands: ReadonlyArray<string>) => string
}

/** What an expression comes to, and every step on the way as `1 + 2 = 3`. */
export interface Working {
  readonly value: string
  readonly steps: ReadonlyArray<string>
}

const innermost = /\(([^()]*)\)/

/** Innermost brackets first, then the operators in their order. An expression that is none is left over as it is. */
export const workOut = (expression: string, operators: ReadonlyArray<Operator>): Working => {
  const steps: Array<string> = []
  let text = expression.replaceAll(/\s+/g, " ").trim()
  for (;;) {
    const brackets = innermost.exec(text)
    const [start, flat] = brackets === null ? [0, text] : [brackets.index + 1, brackets[1]!]
    const next = operators.find(({ pattern }) => pattern.test(flat))
    if (next !== undefined) {
      const [found, ...operands] = next.pattern.exec(flat)!
      const value = next.apply(...operands)
      const at = start + flat.search(next.pattern)
      steps.push(`${found} = ${value}`)
      text = text.slice(0, at) + value + text.slice(at + found.length)
    } else if (brackets !== null) {
      text = text.slice(0, brackets.index) + flat.trim() + text.slice(brackets.index + brackets[0].length)
    } else return { value: text, steps }
  }
}

/** The longest part of a question that is made of such words and signs: its expression. */
export const expressionIn = (question: string, signs: RegExp): string =>
  (question.match(signs) ?? []).reduce((longest, part) => (part.length > longest.length ? part : longest), "").trim()
