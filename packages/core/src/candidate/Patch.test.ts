import { assert, describe, it } from "@effect/vitest"
import { Result, Schema } from "effect"
import * as Patch from "./Patch.ts"

const made = (text: string, patch: Patch.Patch): string => Result.getOrThrow(Patch.apply(text, patch))
const refused = (text: string, patch: Patch.Patch): string =>
  Result.match(Patch.apply(text, patch), { onSuccess: (value) => `made ${value}`, onFailure: ({ message }) => message })

const prompt = "Classify the ticket.\n- Parcels: SHP.\n- Bills: BIL.\n- Parcels that are late: SHP."

describe("a patch", () => {
  // few words, so that pieces stand in many places
  const texts = Schema.Array(Schema.Literals(["a", "b", " ", "\n", ".", "ab", "é🎉"])).check(Schema.isMaxLength(24))

  it.prop(
    "makes one text of another, and takes it back",
    [texts, texts],
    ([one, other]) => {
      const [before, after] = [one.join(""), other.join("")]
      const patch = Patch.make(before, after)
      assert.strictEqual(made(before, patch), after)
      assert.strictEqual(made(after, Patch.invert(patch)), before)
    },
    { arbitrary: { runs: 1000 } }
  )

  it("names what it replaces, and no more of the text than it must", () => {
    assert.deepStrictEqual(Patch.make(prompt, prompt), [])
    assert.deepStrictEqual(Patch.make(prompt, prompt.replace("BIL", "PAY")), [{ find: "BIL", replace: "PAY" }])
    assert.deepStrictEqual(
      Patch.make(prompt, prompt.replace("Parcels that are late: SHP", "Parcels that are late: LAT")),
      [{ find: "late: SHP.", replace: "late: LAT." }]
    )
    assert.deepStrictEqual(Patch.make("", "new"), [{ find: "", replace: "new" }])
  })

  it("can be taken back from a text that has gone on since", () => {
    const rule = Patch.make(prompt, `${prompt}\n- Thanks: FBK.`)
    const later = `Name only the label.\n${prompt.replace("Bills: BIL", "Bills and refunds: BIL")}\n- Thanks: FBK.\n- Logins: ACC.`
    assert.strictEqual(made(later, Patch.invert(rule)), later.replace("\n- Thanks: FBK.", ""))
  })

  it("is made whole or not at all, and says which edit does not fit", () => {
    const good = { find: "Bills", replace: "Invoices" }
    assert.strictEqual(
      refused(prompt, [good, { find: "Refunds", replace: "" }]),
      'edit 2: "Refunds" does not stand in the text'
    )
    assert.strictEqual(
      refused(prompt, [{ find: "SHP", replace: "X" }]),
      'edit 1: "SHP" stands in the text more than once'
    )
    assert.strictEqual(
      refused(prompt, [good, { find: "s: BIL", replace: "" }]),
      "edit 2: it changes what another edit changes, too"
    )
    assert.strictEqual(refused(prompt, [{ find: "", replace: "X" }]), 'edit 1: "" does not stand in the text')
    assert.include(refused("aaa", [{ find: "aa", replace: "b" }]), "more than once")
  })

  it("is plain data", () => {
    const patch = Patch.make("a b", "a c d")
    const json = Schema.encodeSync(Schema.fromJsonString(Patch.Patch))(patch)
    assert.deepStrictEqual(Schema.decodeSync(Schema.fromJsonString(Patch.Patch))(json), patch)
  })
})
