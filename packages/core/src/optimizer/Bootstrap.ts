/**
 * Demonstrations bootstrapped from successes: what the pipeline itself, or a teacher, answered right on the training set is
 * shown to it as examples. It asks no model. (BootstrapFewShot of DSPy, arXiv 2310.03714. There one set is drawn beforehand;
 * here each step draws anew from all that is known by then, what goes wrong now first, and the selector keeps what helps.)
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"
import * as Demonstrations from "../parameter/Demonstrations.ts"
import * as Lesson from "./Lesson.ts"
import * as Observation from "./Observation.ts"
import { Optimizer } from "./Optimizer.ts"
import { unchanged } from "./unchanged.ts"

export type { Lesson } from "./Lesson.ts"

export interface Options {
  /** Demonstrations at most, a parameter. */
  readonly most: number
  /** What an example must score for its calls to be shown as they are. */
  readonly threshold: number
  /** What a teacher showed: see `Teacher.lessons`. */
  readonly lessons: ReadonlyArray<Lesson.Lesson>
}

const defaults: Options = { most: 4, threshold: 1, lessons: [] }

/**
 * The layer: all parameters made by `Parameter.demonstrations` get new ones, the others keep their values. Its memory is
 * what the minibatches showed; all of it comes from the training set.
 */
export const layer = (options: Partial<Options> = {}): Layer.Layer<Optimizer> =>
  Layer.effect(
    Optimizer,
    Effect.gen(function* () {
      const settings = { ...defaults, ...options }
      const memory = yield* Lesson.memory
      return Optimizer.of({
        differentiates: false,
        asks: () => ({ backward: 0, optimizer: 0 }),
        propose: Effect.fnUntraced(function* (request) {
          const used = request.entries.filter((entry) => Observation.all(request, entry).length > 0)
          const trainable = used.filter(({ origin }) => Demonstrations.isOf(origin))
          const now = trainable.flatMap(({ name }) => Lesson.from(request.evidence, name))
          const past = yield* memory.before(request.step)
          const drawn = yield* Effect.forEach(trainable, ({ name, variable }) => {
            const of = (lessons: ReadonlyArray<Lesson.Lesson>) => lessons.filter(({ parameter }) => parameter === name)
            const current = variable.value as Demonstrations.Demonstrations
            const known = { now: of(now), past: [...of(settings.lessons), ...of(past)], current }
            return Effect.map(draw(known, settings), (set) => ({ name, set, before: current }))
          })
          yield* memory.keep(request, now)
          const sets = new Map<string, unknown>(drawn.map(({ name, set }) => [name, set]))
          return {
            values: new Map([...unchanged(used), ...sets]),
            reasons: new Map(drawn.map(({ before, name, set }) => [name, reason(before, set)])),
            demonstrated: Lesson.demonstrated([...settings.lessons, ...past, ...now], trainable, sets)
          }
        })
      })
    })
  )

const reason = (before: Demonstrations.Demonstrations, after: Demonstrations.Demonstrations): string => {
  const kept = after.filter(({ input }) => before.some((one) => one.input === input)).length
  return `${after.length} demonstrations, ${after.length - kept} of them new`
}

/** What a set of demonstrations is drawn from. */
export interface Known {
  /** What the version in use shows in this step. */
  readonly now: ReadonlyArray<Lesson.Lesson>
  /** What was known before, of any version or teacher; the first of equals counts. */
  readonly past: ReadonlyArray<Lesson.Lesson>
  readonly current: Demonstrations.Demonstrations
}

/**
 * A seeded set of demonstrations. First those that go wrong now and went right elsewhere; then, mixed, the current ones and
 * others that ever went wrong; then the rest. Equal to the current ones, they are the current ones.
 */
export const draw = Effect.fnUntraced(function* (
  { current, now, past }: Known,
  { most, threshold }: Pick<Options, "most" | "threshold">
): Effect.fn.Return<Demonstrations.Demonstrations> {
  const isWrong = ({ score }: Lesson.Lesson) => score < threshold
  const all = [...past, ...now]
  const best = new Map<string, Lesson.Lesson>()
  for (const lesson of all) {
    if (!isWrong(lesson) && lesson.score > (best.get(lesson.input)?.score ?? -1)) best.set(lesson.input, lesson)
  }
  const right = [...best.values()].map(({ input, output }) => ({ input, output }))
  const wrongNow = new Set(now.filter(isWrong).map(({ input }) => input))
  const wrongEver = new Set(all.filter(isWrong).map(({ input }) => input))
  const groups = [
    right.filter(({ input }) => wrongNow.has(input)),
    [...current, ...right.filter(({ input }) => wrongEver.has(input))],
    right
  ]
  const ordered = yield* Effect.forEach(groups, Random.shuffle)
  const chosen = new Map<string, Demonstrations.Demonstration>()
  for (const one of ordered.flat()) if (!chosen.has(one.input)) chosen.set(one.input, one)
  const set = [...chosen.values()].slice(0, Math.max(0, most))
  // the same ones in another order are no proposal
  const isSame = set.length === current.length && current.every(({ input }) => set.some((one) => one.input === input))
  return isSame ? current : set
})
