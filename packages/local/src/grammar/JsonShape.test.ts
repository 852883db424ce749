import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Schema } from "effect"
import { fromJsonSchema } from "./JsonShape.ts"
import * as Progress from "./Progress.ts"

/** JSON on one line, as the grammar has it: a space after each colon and comma. */
const write = (value: unknown): string =>
  Array.isArray(value)
    ? `[${value.map(write).join(", ")}]`
    : typeof value === "object" && value !== null
      ? `{${Object.entries(value)
          .map(([key, field]) => `${JSON.stringify(key)}: ${write(field)}`)
          .join(", ")}}`
      : JSON.stringify(value)

const accepts = (schema: unknown, text: string): boolean =>
  Progress.mayEnd(Progress.advance(fromJsonSchema(schema), text))

const Leaf = Schema.Union([
  Schema.String,
  Schema.Boolean,
  Schema.Null,
  Schema.Int.check(Schema.isBetween({ minimum: -1_000_000, maximum: 1_000_000 }))
])

interface Tree {
  readonly name: string
  readonly kind: "leaf" | "branch" | 'has "quotes"'
  readonly score: number
  readonly note?: string
  readonly values: ReadonlyArray<typeof Leaf.Type>
  readonly pair: readonly [string, boolean]
  readonly last?: boolean | null
  readonly children: ReadonlyArray<Tree>
}

const Tree: Schema.Codec<Tree> = Schema.Struct({
  name: Schema.String.check(Schema.isMinLength(1), Schema.isMaxLength(12)),
  kind: Schema.Literals(["leaf", "branch", 'has "quotes"']),
  score: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 10 })),
  note: Schema.optionalKey(Schema.String),
  values: Schema.Array(Leaf).check(Schema.isMaxLength(4)),
  pair: Schema.Tuple([Schema.String, Schema.Boolean]),
  last: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  children: Schema.Array(Schema.suspend((): Schema.Codec<Tree> => Tree)).check(Schema.isMaxLength(2))
}).annotate({ identifier: "Tree" })

// fields come in the order of the schema
const inOrder = (tree: Tree): unknown => {
  const { name, kind, score, note, values, pair, last, children } = tree
  return {
    ...{ name, kind, score },
    ...(note === undefined ? {} : { note }),
    ...{ values, pair },
    ...(last === undefined ? {} : { last }),
    children: children.map(inOrder)
  }
}

const treeSchema = (() => {
  const document = Schema.toJsonSchemaDocument(Tree, { onExcessProperty: "error" })
  return { ...document.schema, $defs: document.definitions }
})()

describe("the grammar of a JSON Schema", () => {
  it.prop("accepts every value of the schema", { tree: Arbitrary.schema(Tree) }, ({ tree }) => {
    assert.isTrue(accepts(treeSchema, write(inOrder(tree))), write(inOrder(tree)))
  })

  it.prop(
    "calls forced only what every continuation has in common",
    { tree: Arbitrary.schema(Tree), part: Schema.Number.check(Schema.isBetween({ minimum: 0, maximum: 1 })) },
    ({ tree, part }) => {
      const characters = Array.from(write(inOrder(tree)))
      const at = Math.floor(characters.length * part)
      const written = characters.slice(0, at).join("")
      const ahead = Progress.forced(Progress.advance(fromJsonSchema(treeSchema), written))
      assert.isTrue(characters.slice(at).join("").startsWith(ahead.text), `${written} -> ${ahead.text}`)
    }
  )

  it.prop("refuses what follows the end of a value", { tree: Arbitrary.schema(Tree) }, ({ tree }) => {
    assert.isFalse(accepts(treeSchema, `${write(inOrder(tree))}x`))
  })

  const cases: ReadonlyArray<
    readonly [name: string, schema: unknown, yes: ReadonlyArray<string>, no: ReadonlyArray<string>]
  > = [
    ["a constant", { const: "a" }, ['"a"'], ['"b"', "a"]],
    ["an enumeration of several types", { enum: ["a", 1, null, true] }, ['"a"', "1", "null", "true"], ['"1"', "false"]],
    ["a small range of whole numbers", { type: "integer", minimum: 1, maximum: 5 }, ["1", "5"], ["0", "6", "15"]],
    ["open bounds", { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 3 }, ["1", "2"], ["0", "3"]],
    ["a score with decimals", { type: "number", minimum: 0, maximum: 1 }, ["0", "0.75", "1"], ["1.5", "-0.1", "2"]],
    ["a number at least zero", { type: "number", minimum: 0 }, ["12.5", "0"], ["-1", "01"]],
    ["any number", { type: "number" }, ["-12.5", "3"], ["1.", "--1", ""]],
    [
      "checks written with allOf",
      { type: "integer", allOf: [{ minimum: 0 }, { maximum: 1 }] },
      ["0", "1"],
      ["2", "-1"]
    ],
    ["several types", { type: ["string", "null"] }, ['""', "null"], ["1"]],
    [
      "a string of bounded length",
      { type: "string", minLength: 1, maxLength: 2 },
      ['"a"', '"\\n\\""', '"é😀"'],
      ['""', '"abc"']
    ],
    ["escapes in strings", { type: "string" }, ['"a\\u00e9\\\\"'], ['"a\nb"', '"\\x"', '"a']],
    [
      "oneOf",
      { oneOf: [{ const: 1 }, { type: "object", properties: { a: true }, required: ["a"] }] },
      ["1", '{"a": []}'],
      ["2", "{}"]
    ],
    [
      "what options share",
      { type: "string", anyOf: [{ maxLength: 1 }, { enum: ["long"] }] },
      ['"a"', '"long"'],
      ['"ab"', "1"]
    ],
    [
      "optional fields in their order",
      { properties: { a: { const: 1 }, b: { const: 2 } } },
      ["{}", '{"a": 1}', '{"b": 2}', '{"a": 1, "b": 2}'],
      ['{"b": 2, "a": 1}', '{"a": 1, }', '{, "b": 2}']
    ],
    [
      "optional before required",
      { properties: { a: { const: 1 }, b: { const: 2 } }, required: ["b"] },
      ['{"b": 2}', '{"a": 1, "b": 2}'],
      ["{}", '{"a": 1}']
    ],
    [
      "a map",
      { type: "object", additionalProperties: { type: "integer" } },
      ["{}", '{"x": 1, "y": -2}'],
      ['{"x": "1"}', '{"": 1}']
    ],
    [
      "fields and a map",
      { type: "object", properties: { a: { const: 1 } }, required: ["a"], additionalProperties: { type: "integer" } },
      ['{"a": 1}', '{"a": 1, "x": 2}'],
      ['{"x": 2}']
    ],
    [
      "no fields of the model's own",
      { type: "object", properties: { a: { const: 1 } }, additionalProperties: true },
      ['{"a": 1}'],
      ['{"a": 1, "x": 2}']
    ],
    [
      "array bounds",
      { type: "array", items: { const: 1 }, minItems: 1, maxItems: 2 },
      ["[1]", "[1, 1]"],
      ["[]", "[1, 1, 1]", "[1,1]"]
    ],
    ["a tuple", { type: "array", prefixItems: [{ const: 1 }, { const: 2 }] }, ["[1, 2]"], ["[1]", "[1, 2, 3]"]],
    ["a tuple with more", { prefixItems: [{ const: 1 }], items: { const: 2 } }, ["[1]", "[1, 2, 2]"], ["[2]"]],
    ["an empty array", { type: "array", maxItems: 0 }, ["[]"], ["[1]"]],
    ["older definitions", { $ref: "#/definitions/a~1b", definitions: { "a/b": { const: 1 } } }, ["1"], ["2"]],
    [
      "a schema that contains itself",
      { properties: { next: { $ref: "#" } } },
      ['{"next": {"next": {}}}'],
      ['{"next": 1}']
    ],
    ["anything", {}, ['{"a": [1, "x", null, {"b": true}]}', "1"], ["{a}", ""]]
  ]
  for (const [name, schema, yes, no] of cases)
    it(`knows ${name}`, () => {
      for (const text of yes) assert.isTrue(accepts(schema, text), `${text} should be accepted`)
      for (const text of no) assert.isFalse(accepts(schema, text), `${text} should be refused`)
    })
})
