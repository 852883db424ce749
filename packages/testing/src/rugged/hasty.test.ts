import { Fence, Message, Request } from "@backprose/core"
import { assert, describe, it } from "@effect/vitest"
import { hasty, StudentModel } from "../index.ts"

const rule = (topic: string) => `Messages about [${topic}] are answered with [X].`
const topics = ["refund", "order", "login", "tariff"]

const edit = (value: string, told: ReadonlyArray<string>, sample = 0) =>
  Request.make({
    purpose: "optimizer",
    sample,
    messages: [
      Message.system("Write the next version."),
      Message.user([Fence.wrap("value", value), ...told.map((text) => Fence.wrap("feedback", text))].join("\n"))
    ]
  })

describe("a hasty student", () => {
  const write = hasty(StudentModel.respond(), { notes: 2 })

  it("writes down so many new rules, of those it is told, beside what it knew", () => {
    const text = String(write(edit(`Answer.\n${rule("refund")}`, topics.map(rule))))
    assert.include(text, rule("refund"))
    assert.strictEqual(topics.filter((topic) => text.includes(rule(topic))).length, 3)
  })

  it("writes the same for the same request, and something else for another sample", () => {
    const samples = [0, 1, 2, 3, 4, 5].map((sample) => write(edit("Answer.", topics.map(rule), sample)))
    assert.strictEqual(samples[0], write(edit("Answer.", topics.map(rule))))
    assert.isAbove(new Set(samples).size, 1)
  })

  it("is the student it was in every other role, and where it is told little", () => {
    const criticism = Request.make({
      purpose: "backward",
      messages: [Message.user(topics.map((topic) => Fence.wrap("feedback", rule(topic))).join("\n"))]
    })
    assert.strictEqual(write(criticism), StudentModel.respond()(criticism))
    const little = edit("Answer.", [rule("order")])
    assert.strictEqual(write(little), StudentModel.respond()(little))
  })
})
