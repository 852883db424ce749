import {
  Bootstrap,
  type Candidate,
  Contrast,
  GradientMap,
  Merge,
  Mipro,
  Optimizer,
  Parameters,
  type Proposal,
  type ProposalRequest,
  TextualGradientDescent
} from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Ref } from "effect"
import { Laws } from "../index.ts"

type Subject = Parameters<typeof Laws.optimizer>[0]

const descent = TextualGradientDescent.layer()
const merging = Merge.layer().pipe(Layer.provide(descent))

/** An optimizer over another: what becomes of each proposal is up to the test. */
const over = (
  inner: Subject,
  change: (
    request: ProposalRequest,
    propose: Optimizer["Service"]["propose"]
  ) => ReturnType<Optimizer["Service"]["propose"]>
): Subject =>
  Layer.effect(
    Optimizer,
    Effect.map(Optimizer, ({ propose, ...inner }) => ({ ...inner, propose: (request) => change(request, propose) }))
  ).pipe(Layer.provide(inner))

/** All texts that were proposed, in other words. */
const reworded = (proposal: Proposal, word: () => unknown): Proposal => ({
  ...proposal,
  values: new Map(
    [...proposal.values].map(([name, value]) => [name, typeof value === "string" ? `${value} ${word()}` : value])
  )
})

const broken = (subject: Subject) => Effect.flip(Laws.optimizer(subject, { runs: 40 }))

describe("proposals are asked for", () => {
  it.effect("with everything that a run may know", () =>
    Effect.gen(function* () {
      const asked: Array<{ readonly request: ProposalRequest; readonly proposal: Proposal }> = []
      const spied = over(merging, (request, propose) =>
        Effect.tap(propose(request), (proposal) => Effect.sync(() => asked.push({ request, proposal })))
      )
      yield* Laws.optimizer(spied, { runs: 80 })
      const some = (what: string, has: (request: ProposalRequest, proposal: Proposal) => boolean) =>
        assert.isAbove(asked.filter(({ proposal, request }) => has(request, proposal)).length, 20, what)
      const tried = ({ earlier }: ProposalRequest) => [...earlier.values()].flat()
      some("several examples", ({ evidence }) => evidence.length > 1)
      some("right beside wrong", ({ evidence }) => new Set(evidence.map(({ score }) => score)).size > 1)
      some("steps", ({ step }) => step > 2)
      some("samples", ({ sample }) => sample > 0)
      some("several candidates", ({ candidates }) => candidates.length > 2)
      some("some that are gone", ({ candidates, lineage }) => lineage.length > candidates.length + 1)
      some("another parent than the latest", ({ candidates, parent }) => parent !== candidates.at(-1))
      some("versions that were not kept", (request) => tried(request).some(({ rejected }) => rejected !== undefined))
      some("versions with scores", (request) => tried(request).some(({ score }) => score !== undefined))
      some("versions that were spoken of", (request) => tried(request).some(({ feedback }) => feedback.length > 0))
      some("one of several slots", ({ entries, parameters }) => entries.length < Parameters.entries(parameters).length)
      some("demonstrations", ({ entries }) => entries.some(({ name }) => name === "examples"))
      some("merges", (_, { mergedWith }) => mergedWith !== undefined)
    })
  )

  it.effect("where versions are compared", () =>
    Effect.gen(function* () {
      let compared = 0
      const critic = over(descent, (request, propose) => {
        const reasons = request.entries.flatMap(({ variable }) => GradientMap.criticism(request.gradients, variable))
        if (reasons.some(({ from }) => from?.startsWith("comparison") === true)) compared += 1
        return propose(request)
      })
      yield* Laws.optimizer(Contrast.layer().pipe(Layer.provide(critic)), { runs: 40 })
      assert.isAbove(compared, 20)
    })
  )
})

describe("optimizers that learn from a run", () => {
  const reasons: ReadonlyArray<readonly [string, Subject, RegExp]> = [
    ["draw demonstrations", Bootstrap.layer(), /^[1-9]\d* demonstrations/],
    ["combine versions", Mipro.layer({ candidates: 2 }), /^a combination of versions/]
  ]
  for (const [does, subject, form] of reasons) {
    it.effect(does, () =>
      Effect.gen(function* () {
        const seen: Array<string> = []
        const spied = over(subject, (request, propose) =>
          Effect.tap(propose(request), ({ reasons }) => Effect.sync(() => seen.push(...reasons.values())))
        )
        yield* Laws.optimizer(spied, { runs: 40 })
        assert.isAbove(seen.filter((reason) => form.test(reason)).length, 20)
      })
    )
  }
})

describe("the laws of proposals catch one that rolls dice", () => {
  const holes: ReadonlyArray<readonly [string, (request: ProposalRequest) => boolean]> = [
    ["as soon as there is evidence", ({ evidence }) => evidence.length > 0],
    ["from the second step on", ({ step }) => step > 1],
    ["from the second sample on", ({ sample }) => sample > 0],
    ["as soon as there are several candidates", ({ candidates }) => candidates.length > 1],
    [
      "as soon as a version was not kept",
      ({ earlier }) => [...earlier.values()].flat().some(({ rejected }) => rejected)
    ],
    ["where it does not extend the seed", ({ parent }) => parent.id > 0]
  ]
  for (const [when, isDicing] of holes) {
    it.effect(when, () =>
      Effect.gen(function* () {
        const dicing = over(descent, (request, propose) =>
          Effect.map(propose(request), (proposal) => (isDicing(request) ? reworded(proposal, Math.random) : proposal))
        )
        const error = yield* broken(dicing)
        assert.include(error.law, "the same request gives the same proposal")
        assert.include(error.message, "Seed: 0")
      })
    )
  }
})

describe("the laws of proposals catch one that", () => {
  /** Says how often it was asked, or asked in earlier steps, with or without success. */
  const counting = (
    isCounted: (asked: ProposalRequest, now: ProposalRequest) => boolean,
    onlyIfMade: boolean
  ): Subject =>
    Layer.effect(
      Optimizer,
      Effect.gen(function* () {
        const { propose, ...inner } = yield* Optimizer
        const asked = yield* Ref.make<ReadonlyArray<ProposalRequest>>([])
        return {
          ...inner,
          propose: Effect.fnUntraced(function* (request) {
            const before = (yield* Ref.get(asked)).filter((one) => isCounted(one, request))
            const note = Ref.update(asked, (all) => [...all, request])
            if (!onlyIfMade) yield* note
            const proposal = yield* propose(request)
            if (onlyIfMade) yield* note
            return reworded(proposal, () => `Asked ${before.length} times.`)
          })
        }
      })
    ).pipe(Layer.provide(descent))

  it.effect("remembers what it proposed beside", () =>
    Effect.gen(function* () {
      const error = yield* broken(counting(() => true, true))
      assert.include(error.law, "know nothing of each other")
    })
  )

  it.effect("remembers a proposal that failed, in a later step", () =>
    Effect.gen(function* () {
      const error = yield* broken(counting((asked, now) => asked.step > 1 && asked.step < now.step, false))
      assert.include(error.law, "leaves nothing behind")
    })
  )

  it.effect("fills a slot that it was not asked for, where there is evidence", () =>
    Effect.gen(function* () {
      const meddling = over(descent, ({ evidence, ...request }, propose) =>
        Effect.map(propose({ ...request, evidence }), (proposal) =>
          evidence.length === 0 ? proposal : { ...proposal, values: new Map([...proposal.values, ["first", "Mine."]]) }
        )
      )
      assert.include((yield* broken(meddling)).message, "slots nobody asked for")
    })
  )

  it.effect("leaves a slot out, where there is evidence", () =>
    Effect.gen(function* () {
      const lazy = over(descent, (request, propose) =>
        Effect.map(propose(request), (proposal) =>
          request.evidence.length === 0 ? proposal : { ...proposal, values: new Map([...proposal.values].slice(1)) }
        )
      )
      assert.include((yield* broken(lazy)).message, "the list of slots")
    })
  )

  it.effect("proposes what the schema refuses, in a later step", () =>
    Effect.gen(function* () {
      const blank = over(descent, (request, propose) =>
        Effect.map(propose(request), (proposal) => {
          const values = [...proposal.values].map(([name, value]) => [name, name === "first" ? " " : value] as const)
          return request.step === 1 ? proposal : { ...proposal, values: new Map(values) }
        })
      )
      assert.include((yield* broken(blank)).message, "whether the value of first is one")
    })
  )

  it.effect("writes into what it is given", () =>
    Effect.gen(function* () {
      const pushing = over(descent, (request, propose) => {
        if (request.sample > 0) (request.candidates as Array<unknown>).pop()
        return propose(request)
      })
      assert.include((yield* broken(pushing)).message, "TypeError")
      const noting = over(descent, (request, propose) => {
        if (request.step > 1) (request.earlier as Map<string, unknown>).set("first", [])
        return propose(request)
      })
      assert.match((yield* broken(noting)).law, /changes nothing of what it was given|the same request/)
    })
  )
})

describe("the law of merges catches one that", () => {
  /** What the library merges, in another way. */
  const merger = (merge: (proposal: Proposal, other: Candidate.Candidate, request: ProposalRequest) => Proposal) =>
    over(merging, (request, propose) =>
      Effect.map(propose(request), (proposal) => {
        const other = request.candidates.find(({ id }) => id === proposal.mergedWith)
        return other === undefined ? proposal : merge(proposal, other, request)
      })
    )

  it.effect("takes the other's side each time", () =>
    Effect.gen(function* () {
      const error = yield* broken(
        merger((proposal, other) => ({ ...proposal, values: new Map(Object.entries(other.values)) }))
      )
      assert.include(error.law, "merged with either of them")
      assert.include(error.message, "merged again")
    })
  )

  it.effect("writes something of its own", () =>
    Effect.gen(function* () {
      const error = yield* broken(merger((proposal) => reworded(proposal, () => "And more.")))
      assert.include(error.message, "is from either")
    })
  )

  it.effect("says that it was merged with itself", () =>
    Effect.gen(function* () {
      const error = yield* broken(merger((proposal, _, { parent }) => ({ ...proposal, mergedWith: parent.id })))
      assert.include(error.message, "merged with")
    })
  )
})
