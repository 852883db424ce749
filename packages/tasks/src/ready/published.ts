/**
 * Published data sets at one commit each, by the names that tasks know them by. They are fetched when a task that reads them
 * is first run, never come with Backprose, and keep their own licences.
 */
import type { About } from "./ReadyTask.ts"

export interface Published {
  /** As `Source.read` takes it. */
  readonly address: string
  readonly about: About["data"]
}

const github = (repository: string, commit: string, path: string) => `github:${repository}@${commit}/${path}`

const gradeSchoolMath = (split: "train" | "test") =>
  github(
    "openai/grade-school-math",
    "3101c7d5072418e28b9008a6636bde82a006892c",
    `grade_school_math/data/${split}.jsonl`
  )

const mmlu = (subject: string): Published => ({
  address: github("google-deepmind/opro", "e81b2f573c", `data/MMLU-data/test/${subject}_test.csv`),
  about: { source: `MMLU, ${subject.replaceAll("_", " ")}: the published CSV, or --data`, licence: "MIT" }
})

const bbh = (name: string): Published => ({
  address: github("suzgunmirac/BIG-Bench-Hard", "9ee07bd481", `bbh/${name}.json`),
  about: { source: `own seeded generator; --data published: BIG-Bench Hard, ${name}`, licence: "MIT, MIT" }
})

export const gsm8k = {
  train: gradeSchoolMath("train"),
  test: gradeSchoolMath("test"),
  about: { source: "GSM8K: the published JSON lines, or --data", licence: "MIT" }
}

export const machineLearning = mmlu("machine_learning")
export const collegePhysics = mmlu("college_physics")

export const objectCounting = bbh("object_counting")
export const wordSorting = bbh("word_sorting")
export const dateUnderstanding = bbh("date_understanding")
export const trackingFive = bbh("tracking_shuffled_objects_five_objects")
export const arithmetic = bbh("multistep_arithmetic_two")
export const booleanExpressions = bbh("boolean_expressions")

export const humanEval: Published = {
  address: github("openai/human-eval", "6d43fb980f", "data/HumanEval.jsonl.gz"),
  about: { source: "HumanEval: the published file, or --data", licence: "MIT" }
}

export const humanEvalX: Published = {
  address: github("THUDM/CodeGeeX", "2838420b7b", "codegeex/benchmark/humaneval-x/js/data/humaneval_js.jsonl.gz"),
  about: { source: "HumanEval-X, JavaScript: the published file, or --data", licence: "Apache-2.0" }
}

export const multiplE: Published = {
  address: github("deepseek-ai/DeepSeek-Coder", "2f9fd85927", "Evaluation/HumanEval/data/humaneval-ts.jsonl"),
  about: {
    source: "HumanEval in TypeScript by MultiPL-E: a published copy, or --data",
    licence: "BSD-3-Clause, not as training data"
  }
}

export const mbpp: Published = {
  address: github("google-research/google-research", "2251e8c67a7fe7d6348714967ee101080b28e956", "mbpp/mbpp.jsonl"),
  about: { source: "MBPP: the published JSON lines, or --data", licence: "CC BY 4.0" }
}

export const mbxp: Published = {
  address: github("amazon-science/mxeval", "e09974f990", "data/mbxp/mbtsp_release_v1.2.jsonl"),
  about: { source: "MBXP, TypeScript: the published JSON lines, or --data", licence: "CC BY 4.0" }
}

/** What TextGrad's own loader fetches. The problems are LeetCode's: nobody says under which licence. */
export const leetCodeHard = github(
  "vinid/data",
  "f3202eb69c001c0af28754d9ae5122d905059d7a",
  "leetcode_with_tests.jsonl"
)
