/**
 * How far an optimisation is, as plain data: a fold of its notices, that both the live line and its time left are read from.
 */

import type { Notice } from "../optimize/Notice.ts"
import type { RunRecord } from "../run/RunRecord.ts"
import { keepsSeveral } from "../strategy/selectors.ts"

export interface Progress {
  readonly record: RunRecord
  readonly step: number
  /** The candidate whose minibatch is run: others are tried on it, too. */
  readonly extended: number | undefined
  /** What is going on, in a few words. */
  readonly doing: string
  /** How many examples of it are done, where it goes through examples. */
  readonly done: number
  readonly total: number
  /** The mean score on the minibatch of this step, or of the last one. */
  readonly train: number | undefined
  readonly trainScores: ReadonlyArray<number>
  /** The mean score of the best candidate on the validation set. */
  readonly validation: number | undefined
  /** The means of the candidates under judgement, by number: a step may have several. */
  readonly proposed: ReadonlyMap<number, number>
  /** Work done before what is going on now, in examples. */
  readonly behind: number
}

export const initial = (record: RunRecord): Progress => ({
  record,
  step: 0,
  extended: undefined,
  doing: "starting",
  done: 0,
  total: 0,
  train: undefined,
  trainScores: [],
  validation: undefined,
  proposed: new Map(),
  behind: 0
})

// a training example is also criticised, and its step ends with a rewrite: about this many plain runs
const trainCost = 4

/** The work of the parts of a run, in examples. */
const sizes = ({ record }: Progress) => {
  const { settings, sizes } = record
  const { batchSize, parents = 1, proposals = 1, screen = Number.POSITIVE_INFINITY, selector } = settings
  const validation = selector === "latest" ? 0 : sizes.validation
  // of one step
  const validated = Math.min(parents * proposals, screen) * validation
  return { test: sizes.test, validation, validated, step: parents * trainCost * batchSize + validated }
}

/** How much of the run is done, 0 to 1. */
export const share = (progress: Progress): number => {
  const { test, validation, step } = sizes(progress)
  const all = 2 * test + validation + progress.record.settings.steps * step
  const weight = progress.doing === "training" ? trainCost : 1
  return all === 0 ? 0 : Math.min(1, (progress.behind + weight * progress.done) / all)
}

const phase = (progress: Progress, doing: string, total: number): Progress => ({ ...progress, doing, total, done: 0 })

export const next = (progress: Progress, notice: Notice): Progress => {
  const { test, validated, validation, step } = sizes(progress)
  const { settings } = progress.record
  switch (notice._tag) {
    case "TestStarted": {
      const behind = notice.when === "before" ? 0 : test + validation + settings.steps * step
      return { ...phase(progress, `test ${notice.when}`, notice.total), behind }
    }
    case "Tested":
      return { ...progress, done: progress.done + 1 }
    case "TestFinished":
      return { ...phase(progress, "", 0), behind: progress.behind + test }
    case "RunStarted":
      return validation === 0 ? progress : phase(progress, "validating the start", validation)
    case "StepStarted":
      return {
        ...phase(progress, "training", notice.examples.length),
        step: notice.step,
        extended: notice.candidate,
        trainScores: [],
        behind: test + validation + (notice.step - 1) * step
      }
    case "ExampleEvaluated": {
      if (notice.split === "train" && notice.candidate !== progress.extended) return progress
      const done = progress.done + 1
      if (notice.split === "validation") return { ...progress, done }
      const trainScores =
        notice.result._tag === "Scored" ? [...progress.trainScores, notice.result.score] : progress.trainScores
      const train = trainScores.length === 0 ? progress.train : sum(trainScores) / trainScores.length
      const seen = { ...progress, done, trainScores, train }
      return done < progress.total
        ? seen
        : { ...phase(seen, "criticising", 0), behind: progress.behind + (trainCost / 2) * progress.total }
    }
    case "FeedbackGiven":
      return { ...progress, doing: "rewriting" }
    case "Proposed":
      return validation === 0
        ? progress
        : progress.doing === "validating"
          ? { ...progress, total: Math.min(validated, progress.total + validation) }
          : {
              ...phase(progress, "validating", validation),
              // what a step can be at most
              behind: test + validation + notice.step * step - validated
            }
    case "Evaluated":
      return notice.candidate === 0
        ? { ...progress, validation: notice.summary.mean }
        : { ...progress, proposed: new Map([...progress.proposed, [notice.candidate, notice.summary.mean]]) }
    case "Accepted": {
      const mean = progress.proposed.get(notice.candidate)
      if (mean === undefined) return progress
      // whoever keeps several takes in one that is not the best
      const least = keepsSeveral(settings.selector) ? (progress.validation ?? 0) : 0
      return { ...progress, validation: Math.max(least, mean) }
    }
    case "Rejected":
    case "StepSkipped":
    case "ProposalDropped":
      return progress
    case "Checkpointed":
      return { ...phase(progress, "", 0), proposed: new Map(), behind: test + validation + notice.step * step }
    case "RunFinished":
      return phase(progress, "finishing", 0)
  }
}

const sum = (numbers: ReadonlyArray<number>): number => numbers.reduce((a, b) => a + b, 0)
