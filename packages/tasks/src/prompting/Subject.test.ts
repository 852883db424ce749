import { type Dataset, Evaluation, Message, Parameters, type Request, Trainer } from "@backprose/core"
import { ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Arithmetic } from "./Arithmetic.ts"
import { BooleanExpressions } from "./BooleanExpressions.ts"
import * as Propositions from "./Propositions.ts"
import * as Protocol from "./Protocol.ts"
import { type Puzzle, type Subject, task } from "./Subject.ts"
import * as Sums from "./Sums.ts"
import * as WordLists from "./WordLists.ts"
import { WordSorting } from "./WordSorting.ts"
import { expressionIn, type Operator, workOut } from "./workOut.ts"

const cut = (puzzles: ReadonlyArray<Puzzle>): Dataset.Split<Puzzle> => ({
  train: puzzles.slice(0, 30),
  validation: puzzles.slice(30, 45),
  test: puzzles.slice(45, 85)
})

describe("a task of puzzles", () => {
  it.effect("asks with the instructions and the bare question, and wants the reasoning before the answer", () =>
    Effect.gen(function* () {
      const made = task(BooleanExpressions, cut(yield* Propositions.generate(1, 0)))
      const puzzle = made.train[0] as Puzzle
      const output = yield* made.forward(made.parameters, puzzle)
      assert.deepStrictEqual(output.value, { reasoning: "so", answer: "True" })
      const [request] = yield* Effect.flatMap(ScriptedModel, ({ requests }) => requests)
      assert.deepStrictEqual(request!.messages.map(Message.text).slice(0, 2), [
        BooleanExpressions.instructions,
        puzzle.question
      ])
      const { properties } = request!.output!.jsonSchema as { readonly properties: object }
      assert.deepStrictEqual(Object.keys(properties), ["reasoning", "answer"])
    }).pipe(Effect.provide(ScriptedModel.layer([{ reasoning: "so", answer: "True" }])))
  )

  it.effect("scores 1 or 0, and says nothing of what is right", () =>
    Effect.gen(function* () {
      const { metric, train } = task(Arithmetic, cut(yield* Sums.generate(1, 0)))
      const puzzle = train[0] as Puzzle
      const answer = Number(puzzle.answer)
      assert.deepStrictEqual(yield* metric({ reasoning: "", answer }, puzzle), { score: 1, feedback: "" })
      const { feedback, score } = yield* metric({ reasoning: "", answer: answer + 1 }, puzzle)
      assert.strictEqual(score, 0)
      assert.include(feedback, `must be ${puzzle.answer}`)
    }).pipe(Effect.provide(ScriptedModel.layer([])))
  )
})

/** How a clerk answers a question by its instructions, and the rules that it can understand. */
interface Skill<A> {
  readonly answer: (question: string, instructions: string) => A
  readonly rules: RegExp
}

/** A clerk in all roles: as critic it repeats the rules that the feedback states, as editor it appends what is new. */
const clerk =
  (skill: Skill<string | number>) =>
  (request: Request.Request): any => {
    const { properties = {} } = (request.output?.jsonSchema ?? {}) as { properties?: Record<string, unknown> }
    const everywhere = (text: string) => Object.fromEntries(Object.keys(properties).map((key) => [key, text]))
    const told = Message.text(request.messages.at(-1)!)
    if (request.purpose === "forward") {
      return { reasoning: "so", answer: skill.answer(told, Message.text(request.messages[0]!)) }
    }
    const found = (text: string) => [...new Set([...text.matchAll(skill.rules)].map(([rule]) => rule))]
    if (request.purpose === "backward") return everywhere(found(told).join(" "))
    const value = /<value-(\w+)>\n([\s\S]*?)\n<\/value-\1>/.exec(told)?.[2] ?? ""
    const added = found(told.slice(told.indexOf("# Feedback"))).filter((rule) => !value.includes(rule))
    return { ...everywhere(""), value: [value, ...added].join("\n") }
  }

/** Looks at the letters that its instructions say decide, from the first; words that begin alike stay as they stand. */
const sorter: Skill<string> = {
  rules:
    /the first \d+ letters are the same, so letter \d+ decides|the shorter word comes first|All words of the list/g,
  answer: (question, instructions) => {
    // who was told of the third letter looks at the second too
    const told = [...instructions.matchAll(/so letter (\d+) decides/g)].map(([, n]) => Number(n))
    const known = Math.max(1, ...told)
    const shorter = instructions.includes("the shorter word comes first")
    const compare = (a: string, b: string): number => {
      for (let n = 1; n <= known && n <= Math.max(a.length, b.length); n++) {
        const [x, y] = [a[n - 1], b[n - 1]]
        if (x === undefined || y === undefined) return shorter ? a.length - b.length : 0
        if (x !== y) return x < y ? -1 : 1
      }
      return 0
    }
    return question.split(": ")[1]!.split(", ").sort(compare).join(" ")
  }
}

const rule = /Work out what is in brackets first\.|Then apply each not [^.]*\.|Work out every [^.]*\./g

/** Overlooks brackets unless told of them, and applies the operators that its instructions put first; then the rest. */
const reckoner = (
  operators: ReadonlyArray<readonly [rule: string, operator: Operator]>,
  rest: Operator,
  signs: RegExp
): ((question: string, instructions: string) => string) => {
  return (question, instructions) => {
    const expression = expressionIn(question, signs)
    const text = instructions.includes("brackets first") ? expression : expression.replaceAll(/[()]/g, "")
    const known = operators.filter(([told]) => instructions.includes(told)).map(([, operator]) => operator)
    return workOut(text, [...known, rest]).value.replaceAll("not ", "")
  }
}

const [not, and] = Propositions.operators as [Operator, Operator, Operator]
const [product, sum] = Sums.operators as [Operator, Operator]

const logician: Skill<string> = {
  rules: rule,
  answer: (question, instructions) =>
    reckoner(
      [
        ["apply each not", not],
        ["every and before", and]
      ],
      // whatever comes next, and each not goes unheard
      {
        pattern: /(True|False) (and|or) (?:not )*(True|False)/,
        apply: (a, word, b) => {
          const [x, y] = [a === "True", b === "True"]
          return (word === "and" ? x && y : x || y) ? "True" : "False"
        }
      },
      /(?:\b(?:True|False|not|and|or)\b|[() ])+/g
    )(question, instructions)
}

const computer: Skill<number> = {
  rules: rule,
  answer: (question, instructions) =>
    Number(
      reckoner(
        [["every product before", product]],
        {
          pattern: /(-?\d+) ([*+-]) (-?\d+)/,
          apply: (a, word, b) => (word === "*" ? product.apply(a!, b!) : sum.apply(a!, word!, b!))
        },
        /[-+*()\d ]+/g
      )(question, instructions)
    )
}

const optimises = <A extends string | number>(
  subject: Subject<A>,
  generate: (n: number, seed: number) => Effect.Effect<ReadonlyArray<Puzzle>>,
  skill: Skill<string | number>
) =>
  it.effect(`takes a clerk from little to most of the held-out questions of ${subject.name}, for each seed`, () =>
    Effect.gen(function* () {
      for (const seed of [0, 1, 2]) {
        const made = task(subject, cut(yield* generate(85, seed)))
        const test = (parameters: typeof made.parameters) => Evaluation.run(made, parameters, made.test)
        const before = yield* test(made.parameters)
        const learned = yield* Trainer.fit(made, { seed, ...Protocol.training }).pipe(Trainer.result(made))
        const after = yield* test(learned)
        assert.deepStrictEqual([before.errors, after.errors], [0, 0])
        assert.isAbove(after.interval!.mean, 0.7)
        assert.isAbove(after.interval!.low, before.interval!.high)
        assert.isTrue(String(Parameters.save(learned)["instructions"]).startsWith(subject.instructions))
      }
    }).pipe(Effect.provide(Protocol.layer), Effect.provide(ScriptedModel.respond(clerk(skill))))
  )

describe("an offline optimisation by the paper's protocol", () => {
  optimises(WordSorting, WordLists.generate, sorter)
  optimises(BooleanExpressions, Propositions.generate, logician)
  optimises(Arithmetic, Sums.generate, computer)
})
