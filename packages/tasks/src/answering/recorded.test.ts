import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as Comparison from "../study/Comparison.ts"
import type { Method, Study } from "../study/Study.ts"
import * as Form from "./Form.ts"
import * as Question from "./Question.ts"
import * as Solution from "./Solution.ts"

/** What gpt-4o said in the runs of the paper. */
const recorded = published("recorded/textgrad-solution-optimization")
const there = isThere(recorded, "the paper's figures from its recorded answers")

/** Letters, and of MMLU whole solutions, by version; the last letter is the paper's vote. */
interface Row {
  readonly id: string
  readonly letters: ReadonlyArray<string | null>
  readonly trajectory?: ReadonlyArray<string>
  readonly target: string
  readonly scores: ReadonlyArray<number>
}

const read = (name: string) => jsonLines<Row>(`${recorded}/${name}.jsonl`)

const choice = (row: Row) => ({ id: row.id, question: "", choices: ["", "", "", ""], answer: row.target })
const names = ["zero-shot", "after update 1", "after update 2", "after update 3"]

/** The answers of the recorded run in place of a model's, read and put to the vote as ours are. */
const replay = ({ question }: typeof Form.choice): Method<Row, never, never> => ({
  name: "self-critique",
  about: "as recorded",
  run: (row) => {
    const asked = question(choice(row))
    // of GPQA the letters alone may be copied
    const said = row.trajectory ?? row.letters.slice(0, 4).map((letter) => Question.stated(letter ?? ""))
    const answers = said.map((text) => Solution.answerOf(text, asked))
    const readings = names.map((name, i) => ({ name, answer: answers[i]!, calls: 1 + 3 * i }))
    return Effect.succeed([...readings, { name: "vote of 4", answer: Solution.vote(answers, asked), calls: 10 }])
  }
})

const study = (name: string, form = Form.choice): Study<Row, never, never> => ({
  name,
  examples: read(name),
  methods: [replay(form)],
  grade: (answer, row) => Effect.succeed(form.score(answer, choice(row)))
})

describe.skipIf(!there)("the recorded runs of the paper, through our reading, vote and report", () => {
  it.effect("give its figures for GPQA diamond, 51.0 and 55.1 by vote, with what they lack: an interval", () =>
    Effect.gen(function* () {
      const { methods, readings } = yield* Comparison.run(study("gpqa-diamond-letters"))
      assert.deepStrictEqual(
        readings.map(({ n, score }) => [Math.round(score.mean * n), n]),
        [101, 106, 106, 104, 109].map((right) => [right, 198])
      )
      assert.strictEqual(methods[0]!.best?.mean.toFixed(3), "0.576")
      const { gain } = readings.at(-1)!
      assert.closeTo(gain!.gain, 8 / 198, 1e-9)
      assert.isTrue(gain!.low > 0 && gain!.high < 0.08)
    })
  )

  it.effect(
    "are right and wrong to the row, but for two, on what of MMLU is here, each letter read from the whole solution",
    () =>
      Effect.gen(function* () {
        const others: Array<string> = []
        for (const name of ["mmlu-college-physics", "mmlu-machine-learning"]) {
          const rows = read(name)
          yield* Comparison.run(study(name), {
            onAttempt: (attempt) =>
              Effect.sync(() => {
                const row = rows[attempt.index]!
                if (attempt._tag === "Failed") return assert.fail(attempt.message)
                for (const [i, { score }] of attempt.readings.entries()) {
                  if (score !== row.scores[i]) others.push(`${row.id} ${i}`)
                }
              })
          })
          assert.isAbove(rows.length, 40)
        }
        // TextGrad reads the first "answer:" of a solution, here before a list of the choices, where ours is the last; and
        // of "Answer: AD" it takes the A
        assert.deepStrictEqual(others, [
          "mmlu-machine-learning/030/textgrad-gpt-4o 3",
          "mmlu-machine-learning/040/textgrad-gpt-4o 0"
        ])
      })
  )

  it.effect("are the paper's to the row, votes for no letter too, read and scored as TextGrad does", () =>
    Effect.gen(function* () {
      for (const name of ["gpqa-diamond-letters", "mmlu-college-physics", "mmlu-machine-learning"]) {
        const rows = read(name)
        yield* Comparison.run(study(name, Form.textgradChoice), {
          onAttempt: (attempt) =>
            Effect.sync(() => {
              const { id, letters, scores } = rows[attempt.index]!
              if (attempt._tag === "Failed") return assert.fail(attempt.message)
              assert.deepStrictEqual(
                attempt.readings.map(({ answer, score }) => [answer, score]),
                letters.map((letter, i) => [letter ?? "no letter", scores[i]!]),
                id
              )
            })
        })
      }
    })
  )
})
