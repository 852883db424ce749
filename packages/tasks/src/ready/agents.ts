/** Compound systems: several components with a tool, whose prompts are trained together. */
import * as HotpotAgent from "../agent/HotpotAgent.ts"
import type { PromptTask } from "./ReadyTask.ts"

const agent = {
  kind: "prompt",
  application: "compound system",
  metric: "words in common with the right answer (F1)",
  defaults: { sizes: { train: 4, validation: 3, test: 4 }, steps: 1, batchSize: 2 }
} as const

export const agents: ReadonlyArray<PromptTask> = [
  {
    ...agent,
    name: "hotpot-agent",
    summary: "search, read, search again, reason, answer: two-hop questions on an invented world",
    data: { source: "own seeded generator", licence: "MIT" },
    ours: "F1 0.17 → 0.17 (n 3) with the embedded 1.5B",
    make: HotpotAgent.make
  },
  {
    ...agent,
    name: "hotpotqa",
    summary: "the same agent on HotpotQA, searching the ten paragraphs of each question",
    data: { source: "HotpotQA with its paragraphs: the published JSON by --data", licence: "CC BY-SA 4.0" },
    make: HotpotAgent.hotpotqa
  }
]
