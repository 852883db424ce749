import { Generators, Laws } from "@backprose/testing"
import { describe, it } from "@effect/vitest"
import * as Backward from "./Backward.ts"

describe("laws of the backward fold, over generated graphs", () => {
  for (const law of Laws.foldLaws) {
    it.effect.prop(law.name, [Generators.blueprints()], ([blueprint]) => law.check(Backward.run, blueprint), {
      arbitrary: { runs: 300 }
    })
  }
})
