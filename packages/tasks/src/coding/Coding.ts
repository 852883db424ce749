/** Code as a study: ways to solve programming problems, compared on the same ones at equal calls. */
import type { ModelRoles } from "@backprose/core"
import type { CodeRunner } from "@backprose/sandbox"
import type { Problem } from "../format/Problem.ts"
import type { Study } from "../study/Study.ts"
import * as BestOf from "./BestOf.ts"
import type { Failure } from "./Method.ts"
import * as Reflexion from "./Reflexion.ts"
import * as SelfRepair from "./SelfRepair.ts"
import * as Tests from "./Tests.ts"

export interface Options {
  readonly name: string
  readonly problems: ReadonlyArray<Problem>
  /** Of self-repair; the other methods get as many calls. Default 5, as in the paper. */
  readonly updates?: number
}

/** The study. An answer is right where it passes all hidden tests, or all public ones where there are no hidden ones. */
export const study = ({ name, problems, updates = 5 }: Options): Study<Problem, Failure, ModelRoles | CodeRunner> => ({
  name,
  examples: problems,
  methods: [
    SelfRepair.method({ updates }),
    BestOf.method({ samples: 1 + 2 * updates }),
    Reflexion.method({ retries: updates })
  ],
  grade: Tests.grade
})
