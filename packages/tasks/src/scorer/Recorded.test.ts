import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { isThere, jsonLines, published } from "../../fixture/published.ts"
import * as Form from "../answering/Form.ts"
import * as Solution from "../answering/Solution.ts"
import * as Bbh from "../format/Bbh.ts"
import * as Mmlu from "../format/Mmlu.ts"
import type { Reader } from "../format/Reader.ts"
import * as Letter from "./Letter.ts"
import * as Numeric from "./Numeric.ts"
import * as Options from "./Options.ts"
import * as TextGradScorer from "./TextGradScorer.ts"
import * as Truth from "./Truth.ts"
import * as Worded from "./Worded.ts"
import * as WordList from "./WordList.ts"

const there = isThere(published("recorded"), "recorded figures recomputed")

const recorded = <A>(file: string) => jsonLines<A>(published("recorded", `${file}.jsonl`))

/** All rows of a published set by their ids. */
const rowsOf = <A extends { readonly id: string }>(reader: Reader<A>, set: string, files: ReadonlyArray<string>) =>
  Effect.forEach(files, (file) => reader(published(set, `${file}.jsonl`))).pipe(
    Effect.map((all) => new Map(all.flat().map((row) => [row.id, row])))
  )

const share = (right: ReadonlyArray<boolean>) => right.filter(Boolean).length / right.length

interface Trajectory {
  readonly id: string
  readonly dataset_id: string
  readonly trajectory: ReadonlyArray<string>
  readonly letters: ReadonlyArray<string | null>
  readonly scores: ReadonlyArray<number>
  readonly target: string
}

/** The vote of a study over letters, with the first of equals; those without a letter have none. */
const vote = (letters: ReadonlyArray<string | null | undefined>, target: string): string | undefined => {
  const question = Form.choice.question({ id: "", question: "", choices: ["", "", "", ""], answer: target })
  return (
    Solution.vote(
      letters.map((letter) => letter ?? ""),
      question
    ) || undefined
  )
}

/** The share of right answers at each step: zero-shot, after each of three updates, and the vote. */
const bySteps = (rows: ReadonlyArray<{ readonly target: string; readonly letters: ReadonlyArray<unknown> }>) =>
  [0, 1, 2, 3, 4].map((step) => share(rows.map(({ letters, target }) => letters[step] === target)))

const percent = (shares: ReadonlyArray<number>) => shares.map((one) => Number((100 * one).toFixed(2)))

describe("GPQA diamond as TextGrad ran it on gpt-4o", () => {
  it.skipIf(!there)(
    "has 51.0, 53.5, 53.5 and 52.5 % of 198 right by step, and 109 by vote, which is ours to the row",
    () => {
      const rows = recorded<Trajectory>("textgrad-solution-optimization/gpqa-diamond-letters")
      const voted = rows.map(({ letters, target }) => {
        const four = letters.slice(0, 4)
        return { target, letters: [...four, vote(four, target)] }
      })
      assert.deepStrictEqual(percent(bySteps(voted)), [51.01, 53.54, 53.54, 52.53, 55.05])
      assert.strictEqual(voted.filter(({ letters, target }) => letters[4] === target).length, 109)
      for (const [i, { id, scores, target }] of rows.entries())
        assert.deepStrictEqual(
          voted[i]?.letters.map((letter) => (letter === target ? 1 : 0)),
          [...scores],
          id
        )
      // TextGrad's vote takes "no letter" for an answer: twice it wins there, and here it cannot
      const others = rows.flatMap(({ id, letters }, i) => ((voted[i]?.letters[4] ?? null) === letters[4] ? [] : [id]))
      assert.deepStrictEqual(others, ["gpqa-diamond-run/031", "gpqa-diamond-run/111"])
    }
  )
})

/** Where our reading of a reply is not what was recorded: row, step, ours, theirs. */
type Difference = readonly [id: string, step: number, ours: string | undefined, theirs: string | null]

const mmlu: ReadonlyArray<{
  readonly set: string
  readonly rows: number
  readonly recorded: ReadonlyArray<number>
  readonly ours: ReadonlyArray<number>
  readonly differences: ReadonlyArray<Difference>
}> = [
  {
    set: "mmlu-machine-learning",
    rows: 56,
    recorded: [44, 43, 47, 46, 47],
    ours: [43, 43, 47, 47, 47],
    differences: [
      // the reply has "Answer: A" in the middle and ends with "Answer: C": the last one is its answer
      ["030", 3, "C", "A"],
      // "Answer: AD" names two choices
      ["040", 0, undefined, "A"]
    ]
  },
  {
    set: "mmlu-college-physics",
    rows: 45,
    recorded: [43, 43, 43, 43, 43],
    ours: [43, 43, 43, 43, 43],
    differences: []
  }
]

describe("MMLU as TextGrad ran it on gpt-4o", () => {
  for (const { differences, ours, recorded: theirs, rows, set } of mmlu) {
    const name = `${set}: ${rows} rows, of which ${theirs.join(", ")} were right by step and ${ours.join(", ")} are by our scorer`
    it.live.skipIf(!there)(name, () =>
      Effect.gen(function* () {
        const questions = yield* rowsOf(Mmlu.read, set, ["test-public"])
        const runs = recorded<Trajectory>(`textgrad-solution-optimization/${set}`)
        assert.strictEqual(runs.length, rows)
        const found: Array<Difference> = []
        const read = runs.map(({ dataset_id, letters, trajectory }) => {
          const { answer, choices } = questions.get(dataset_id)!
          const four = trajectory.map((reply) => Letter.find(reply, choices))
          for (const [step, letter] of four.entries()) {
            if ((letter ?? null) !== letters[step]) found.push([dataset_id.slice(-3), step, letter, letters[step]!])
            // the mode for comparison has no differences
            assert.strictEqual(TextGradScorer.parseLetter(trajectory[step]!) ?? null, letters[step], dataset_id)
          }
          const voted = vote(four, answer)
          assert.strictEqual(voted, letters[4], dataset_id)
          return { target: answer, letters: [...four, voted] }
        })
        assert.deepStrictEqual(found, [...differences])
        const right = (all: Parameters<typeof bySteps>[0]) => bySteps(all).map((one) => Math.round(one * rows))
        assert.deepStrictEqual(right(runs), [...theirs])
        assert.deepStrictEqual(right(read), [...ours])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})

interface Judged {
  readonly task_id: string
  readonly seed: number
  readonly iteration: number
  readonly success: boolean
}

describe("LeetCode-Hard as TextGrad ran it on gpt-4o", () => {
  it.skipIf(!there)("has 22 of 80 solved at first and 29 in the end, on the half of the problems that is here", () => {
    const runs = recorded<Judged>("textgrad-leetcode/runs")
    assert.strictEqual(new Set(runs.map(({ task_id }) => task_id)).size, 20)
    const rates = [0, 1].map((wanted) =>
      [17, 21, 55, 91].map((seed) => {
        const these = runs.filter((run) => run.seed === seed && run.iteration === wanted)
        assert.strictEqual(these.length, 20)
        return these.filter(({ success }) => success).length
      })
    )
    assert.deepStrictEqual(rates, [
      [5, 6, 5, 6],
      [8, 7, 6, 8]
    ])
  })
})

interface Codex {
  readonly id: string
  readonly dataset_id: string
  readonly mode: "cot" | "direct"
  readonly response: string
  readonly extracted: string | null
  readonly correct: boolean
}

const letterOf = (reply: string, question: string) => {
  const letter = Letter.find(reply, Options.of(question))
  return letter === undefined ? undefined : `(${letter})`
}

const truthOf = (reply: string) => {
  const truth = Truth.find(reply)
  return truth === undefined ? undefined : truth ? "True" : "False"
}

const codex: ReadonlyArray<{
  readonly task: string
  readonly extract: (reply: string, question: string) => string | undefined
  /** Percent of 200 with reasoning, and of 200 without. */
  readonly right: readonly [cot: number, direct: number]
}> = [
  { task: "object-counting", extract: (reply) => Numeric.find(reply)?.toString(), right: [92.5, 43] },
  { task: "word-sorting", extract: (reply) => WordList.find(reply)?.join(" "), right: [40.5, 50.5] },
  { task: "date-understanding", extract: letterOf, right: [88, 65.5] },
  { task: "tracking-shuffled-objects-five-objects", extract: letterOf, right: [88.5, 20] },
  { task: "multistep-arithmetic-two", extract: (reply) => Numeric.find(reply)?.toString(), right: [49.5, 1.5] },
  { task: "boolean-expressions", extract: truthOf, right: [91.5, 88.5] }
]

describe("BIG-Bench Hard as Codex answered it", () => {
  for (const { extract, right, task } of codex) {
    it.live.skipIf(!there)(`${task}: the answer and verdict of all 400 replies, ${right.join(" and ")} % right`, () =>
      Effect.gen(function* () {
        const questions = yield* rowsOf(Bbh.read, `bbh-${task}`, ["train", "val", "test-public"])
        const replies = recorded<Codex>(`bbh-codex/${task}`)
        assert.strictEqual(replies.length, 400)
        for (const { correct, dataset_id, extracted, id, response } of replies) {
          const question = questions.get(dataset_id)!
          assert.strictEqual(extract(response, question.question) ?? null, extracted, id)
          assert.strictEqual(Worded.score(response, question).score === 1, correct, id)
        }
        const rate = (mode: string) =>
          share(
            replies
              .filter((reply) => reply.mode === mode)
              .map(({ dataset_id, response }) => Worded.score(response, questions.get(dataset_id)!).score === 1)
          )
        assert.deepStrictEqual(percent([rate("cot"), rate("direct")]), [...right])
      }).pipe(Effect.provide(NodeFileSystem.layer))
    )
  }
})

interface Solution {
  readonly id: string
  readonly response: string
  readonly target: string
}

describe("GSM8K as it was recorded", () => {
  it.skipIf(!there)("has the verdicts of all 1200 solutions of GPT-3", () => {
    const solutions = recorded<Solution & { readonly correct: boolean }>("gsm8k-solutions/solutions")
    assert.strictEqual(solutions.length, 1200)
    for (const { correct, id, response, target } of solutions)
      assert.strictEqual(Numeric.score(response, target).score === 1, correct, id)
  })

  it.skipIf(!there)("has the accuracy of 378 of 381 steps of TextGrad, and three that are wrong there", () => {
    const steps = recorded<Solution & { readonly recorded_accuracy: number }>("textgrad-gsm8k-runs/steps")
    assert.strictEqual(steps.length, 381)
    const differences = steps.flatMap(({ id, recorded_accuracy, response, target }) => {
      const { score } = Numeric.score(response, target)
      return score === recorded_accuracy ? [] : [[id, Numeric.find(response), target, recorded_accuracy]]
    })
    assert.deepStrictEqual(differences, [
      // "A: 600,000 feet" is 600000
      ["textgrad-gsm8k/claude-3-7/1/3", 600000, "600000", 0],
      // and these are no 4 and no 3
      ["textgrad-gsm8k/o1-b/0/10", 3.875, "4", 1],
      ["textgrad-gsm8k/o1-b/3/3", 13, "3", 1]
    ])
  })
})
