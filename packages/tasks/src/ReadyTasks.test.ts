import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ReadyTasks } from "./index.ts"

describe("the ready tasks", () => {
  it("are found by their names, and by no others", () => {
    assert.deepStrictEqual(
      ReadyTasks.all.map(({ name }) => name),
      ["triage", "object-counting"]
    )
    for (const ready of ReadyTasks.all) assert.strictEqual(ReadyTasks.find(ready.name), ready)
    for (const name of ["", "Triage", "toString"]) assert.isUndefined(ReadyTasks.find(name))
  })

  for (const ready of ReadyTasks.all) {
    it.effect(`${ready.name} has its default sizes, its own name, and a parameter with a role`, () =>
      Effect.gen(function* () {
        const { sizes } = ready.defaults
        const task = yield* ready.make(sizes, 0)
        assert.strictEqual(task.name, ready.name)
        assert.deepStrictEqual(
          [task.train.length, task.validation.length, task.test.length],
          [sizes.train, sizes.validation, sizes.test]
        )
        assert.isAbove(task.parameters.instructions.role.length, 10)
      })
    )

    it.effect(`${ready.name} has hundreds of distinct examples`, () =>
      Effect.gen(function* () {
        const task = yield* ready.make({ train: 300, validation: 200, test: 200 }, 1)
        const all = [...task.train, ...task.validation, ...task.test]
        assert.strictEqual(new Set(all.map((example) => JSON.stringify(example))).size, 700)
      })
    )

    it.effect(`${ready.name} can do without any set`, () =>
      Effect.gen(function* () {
        const task = yield* ready.make({ train: 0, validation: 0, test: 3 }, 1)
        assert.deepStrictEqual([task.train.length, task.validation.length, task.test.length], [0, 0, 3])
      })
    )
  }
})
