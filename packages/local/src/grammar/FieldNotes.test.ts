import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { fieldNotes } from "./FieldNotes.ts"

const jsonSchemaOf = (schema: Schema.Constraint) => {
  const document = Schema.toJsonSchemaDocument(schema)
  return { ...document.schema, $defs: document.definitions }
}

describe("notes on the fields of a reply", () => {
  it("say what each described field is for, at any depth", () => {
    const Address = Schema.Struct({ zip: Schema.String.annotate({ description: "five digits" }) })
    const Person = Schema.Struct({
      name: Schema.String,
      age: Schema.Int.annotate({ description: "in years" }),
      address: Schema.optionalKey(Address.annotate({ identifier: "Address" })),
      pets: Schema.Array(
        Schema.Struct({ kind: Schema.Literals(["cat", "dog"]).annotate({ description: "of the animal" }) })
      )
    })
    assert.strictEqual(
      fieldNotes(jsonSchemaOf(Person)),
      [
        "Reply with a JSON object. Its fields:",
        "- age: in years",
        "- address.zip: five digits",
        "- pets[].kind: of the animal"
      ].join("\n")
    )
  })

  it("are left out where nothing is described", () => {
    assert.isUndefined(fieldNotes(jsonSchemaOf(Schema.Struct({ label: Schema.String }))))
    assert.isUndefined(fieldNotes(true))
  })

  it("end although a schema contains itself", () => {
    const schema = {
      description: "a tree",
      properties: { value: { description: "a number" }, next: { $ref: "#/$defs/T" } }
    }
    assert.strictEqual(
      fieldNotes({ $ref: "#/$defs/T", $defs: { T: schema } }),
      "Reply with a JSON object. Its fields:\n- value: a number\n- next: a tree"
    )
  })
})
