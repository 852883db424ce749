import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, FileSystem, Schema } from "effect"
import * as Dataset from "./Dataset.ts"

const Row = Schema.Struct({ question: Schema.String, answer: Schema.Int })
const Nested = Schema.Struct({
  question: Schema.String,
  meta: Schema.Struct({ tags: Schema.Array(Schema.String), level: Schema.optionalKey(Schema.Int) })
})

const withFile = Effect.fnUntraced(function* (content: string | Uint8Array) {
  const fs = yield* FileSystem.FileSystem
  const file = `${yield* fs.makeTempDirectoryScoped()}/rows`
  yield* fs.writeFile(file, typeof content === "string" ? new TextEncoder().encode(content) : content)
  return file
})

type Reader = typeof Dataset.jsonl

const read = Effect.fnUntraced(function* <A>(
  reader: Reader,
  content: string | Uint8Array,
  schema: Schema.Codec<A, unknown>
) {
  return yield* reader(yield* withFile(content), schema)
})

/** Where and what the error of a file is, with the file's own name for its path. */
const refusal = Effect.fnUntraced(function* <A>(
  reader: Reader,
  content: string | Uint8Array,
  schema: Schema.Codec<A, unknown>
) {
  const file = yield* withFile(content)
  const error = yield* Effect.flip(reader(file, schema))
  assert.strictEqual(error.file, file)
  assert.notInclude(error.message, "\n")
  return { line: error.line, field: error.field, message: error.message.replace(file, "rows") }
})

const layer = NodeFileSystem.layer
const bytes = (...parts: ReadonlyArray<string | ReadonlyArray<number>>) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...new TextEncoder().encode(part)] : part)))

describe("a JSONL file", () => {
  it.live("is one example a line, blank lines skipped, with either kind of line end", () =>
    Effect.gen(function* () {
      const rows = [
        { question: "1+1", answer: 2 },
        { question: "ü\u2028'\"", answer: -3 }
      ]
      for (const [before, between, after] of [
        ["", "\n", ""],
        ["", "\r\n", "\r\n"],
        ["\n \n", "\n\n\t\n", "\n\n"],
        ["\uFEFF", "\n", "\n"],
        ["\uFEFF\r\n", "\r\n", ""]
      ] as const) {
        const text = before + rows.map((row) => JSON.stringify(row)).join(between) + after
        assert.deepStrictEqual(yield* read(Dataset.jsonl, text, Row), rows)
      }
    }).pipe(Effect.provide(layer))
  )

  it.live("with a row that is no JSON is refused, naming file and line; blank lines count", () =>
    Effect.gen(function* () {
      const { field, line, message } = yield* refusal(
        Dataset.jsonl,
        `{"question":"a","answer":1}\r\n\r\n{"question":"b",\r\n`,
        Row
      )
      assert.deepStrictEqual([line, field], [3, ""])
      assert.match(message, /^rows:3: not JSON: /)
    }).pipe(Effect.provide(layer))
  )

  it.live("with a row that does not fit is refused, naming file, line and field", () =>
    Effect.gen(function* () {
      const good = JSON.stringify({ question: "q", meta: { tags: [] } })
      const refused = (row: unknown) => refusal(Dataset.jsonl, `${good}\n${JSON.stringify(row)}\n${good}`, Nested)
      const cases: ReadonlyArray<readonly [row: unknown, field: string, message: string]> = [
        [{ meta: { tags: [] } }, "question", `rows:2: field "question": Missing key`],
        [{ question: 7, meta: { tags: [] } }, "question", `rows:2: field "question": Expected string`],
        [{ question: "q", meta: {} }, "meta.tags", `rows:2: field "meta.tags": Missing key`],
        [{ question: "q", meta: { tags: ["a", 3] } }, "meta.tags.1", `rows:2: field "meta.tags.1": Expected string`],
        [
          { question: "q", meta: { tags: [], level: 1.5 } },
          "meta.level",
          `rows:2: field "meta.level": Expected an integer`
        ],
        [[], "", "rows:2: Expected object"],
        [null, "", "rows:2: Expected object"]
      ]
      for (const [row, field, message] of cases) {
        assert.deepStrictEqual(yield* refused(row), { line: 2, field, message })
      }
    }).pipe(Effect.provide(layer))
  )

  it.live("without rows, without existence, or that is a folder is refused", () =>
    Effect.gen(function* () {
      const fs = yield* FileSystem.FileSystem
      for (const empty of ["", "\n\r\n  \n", "\uFEFF"]) {
        const { line, message } = yield* refusal(Dataset.jsonl, empty, Row)
        assert.deepStrictEqual([line, message], [0, "rows: the data set has no rows"])
      }
      const folder = yield* fs.makeTempDirectoryScoped()
      const missing = yield* Effect.flip(Dataset.jsonl(`${folder}/none.jsonl`, Row))
      assert.strictEqual(missing.message, `${folder}/none.jsonl: cannot be read (NotFound)`)
      const error = yield* Effect.flip(Dataset.csv(folder, Row))
      assert.match(error.message, /: cannot be read \(\w+\)$/)
    }).pipe(Effect.provide(layer))
  )

  it.live("that is not UTF-8 is refused, naming the line, and never read with marks in place of letters", () =>
    Effect.gen(function* () {
      const row = `{"question":"ok","answer":1}\n`
      const latin1 = bytes(row, row, `{"question":"caf`, [0xe9], `","answer":1}\n`, row)
      assert.deepStrictEqual(yield* refusal(Dataset.jsonl, latin1, Row), {
        line: 3,
        field: "",
        message: "rows:3: not UTF-8"
      })
      const utf16 = bytes(
        [0xff, 0xfe],
        [...row].flatMap((letter) => [letter.charCodeAt(0), 0])
      )
      assert.strictEqual((yield* refusal(Dataset.jsonl, utf16, Row)).line, 1)
      const cutInLetter = bytes(row, `{"question":"`, [0xf0, 0x9f])
      assert.strictEqual((yield* refusal(Dataset.jsonl, cutInLetter, Row)).line, 2)
      assert.strictEqual((yield* refusal(Dataset.csv, bytes("question,answer\nx,1\n", [0xc0], ",1"), Row)).line, 3)
    }).pipe(Effect.provide(layer))
  )
})

describe("a CSV file", () => {
  it.live(
    "is one example a record: quotes, line breaks inside of them, both kinds of line end, a mark at its start",
    () =>
      Effect.gen(function* () {
        const rows = [
          { question: `say "hi", twice`, answer: 2 },
          { question: "two\nlines", answer: -3 }
        ]
        const records = ["question,answer", `"say ""hi"", twice",2`, `"two\nlines",-3`]
        for (const end of ["\n", "\r\n"]) {
          for (const [before, after] of [
            ["", ""],
            ["\uFEFF", end],
            [end, end + end]
          ] as const) {
            assert.deepStrictEqual(yield* read(Dataset.csv, before + records.join(end) + after, Row), rows)
            assert.deepStrictEqual(yield* read(Dataset.csv, before + records.join(end + end) + after, Row), rows)
          }
        }
      }).pipe(Effect.provide(layer))
  )

  it.live("has text in its cells, read as what the schema wants: the same schema does for JSONL", () =>
    Effect.gen(function* () {
      const All = Schema.Struct({
        text: Schema.String,
        either: Schema.Union([Schema.String, Schema.Finite]),
        number: Schema.Finite,
        yes: Schema.Boolean,
        label: Schema.Literals(["A", "B"])
      })
      assert.deepStrictEqual(yield* read(Dataset.csv, "text,either,number,yes,label\n007,x,-0.5,true,B\n", All), [
        { text: "007", either: "x", number: -0.5, yes: true, label: "B" }
      ])
      const Text = Schema.Struct({ either: Schema.Union([Schema.String, Schema.Finite]), any: Schema.Json })
      assert.deepStrictEqual(yield* read(Dataset.csv, "either,any\n007,1.0\n", Text), [{ either: "007", any: "1.0" }])
      const Written = Schema.Struct({
        n: Schema.FiniteFromString,
        tags: Schema.fromJsonString(Schema.Array(Schema.Int))
      })
      assert.deepStrictEqual(yield* read(Dataset.csv, `n,tags\n4,"[1,2]"\n`, Written), [{ n: 4, tags: [1, 2] }])
    }).pipe(Effect.provide(layer))
  )

  it.live("with a cell that does not fit is refused, naming the line on which its record begins, and the column", () =>
    Effect.gen(function* () {
      for (const end of ["\n", "\r\n"]) {
        const text = ["question,answer", "one,1", `"a`, `long`, `"",""`, `question",2`, "", "three,x", "four,4"].join(
          end
        )
        assert.deepStrictEqual(yield* refusal(Dataset.csv, text, Row), {
          line: 8,
          field: "answer",
          message: `rows:8: field "answer": Expected a string representing a finite number`
        })
      }
      const spanning = yield* refusal(Dataset.csv, `\n\n"question",answer\n"two\nlines",1\n"three\n\nlines",x\n`, Row)
      assert.deepStrictEqual([spanning.line, spanning.field], [6, "answer"])
      const Tags = Schema.Struct({ tags: Schema.fromJsonString(Schema.Array(Schema.Int)) })
      const nested = yield* refusal(Dataset.csv, `tags\n[1]\n"[1,""x""]"\n`, Tags)
      assert.deepStrictEqual([nested.line, nested.field], [3, "tags.1"])
    }).pipe(Effect.provide(layer))
  )

  it.live(
    "with a missing column, too many or too few cells, a stray or an open quote is refused, naming the line",
    () =>
      Effect.gen(function* () {
        const refused = (text: string) => refusal(Dataset.csv, text, Row)
        assert.deepStrictEqual(yield* refused("question\nx\n"), {
          line: 2,
          field: "answer",
          message: `rows:2: field "answer": Missing key`
        })
        assert.strictEqual(
          (yield* refused("question,answer\nx,1\n\nx,1,2\n")).message,
          "rows:4: Expected 2 cells, got 3"
        )
        assert.strictEqual((yield* refused("question,answer\nx\n")).message, "rows:2: Expected 2 cells, got 1")
        assert.match((yield* refused("answer,answer\n1,2\n")).message, /^rows:1: Duplicate header/)
        assert.match((yield* refused(`question,answer\n"a\nb",1\nsay "x",1\n`)).message, /^rows:4: Unexpected quote/)
        assert.match((yield* refused(`question,answer\nx,1\n"y,2\nz,3\n`)).message, /^rows:3: Unterminated/)
        const large = `question,answer\nx,1\n"${"y".repeat(1_200_000)}\n`
        assert.match((yield* refused(large)).message, /^rows:3: Unterminated/)
      }).pipe(Effect.provide(layer))
  )

  it.live("with a cell of two megabytes is read whole", () =>
    Effect.gen(function* () {
      const long = "y".repeat(2_000_000)
      const [row] = yield* read(Dataset.csv, `question,answer\n${long},1\n`, Row)
      assert.strictEqual(row?.question.length, long.length)
    }).pipe(Effect.provide(layer))
  )

  it.live("with a header alone, or with nothing, has no rows", () =>
    Effect.gen(function* () {
      for (const text of ["", "\r\n", "question,answer", "question,answer\r\n\r\n"]) {
        assert.strictEqual((yield* refusal(Dataset.csv, text, Row)).message, "rows: the data set has no rows")
      }
    }).pipe(Effect.provide(layer))
  )
})

describe("a CSV file that does not name its columns", () => {
  const columns = ["question", "answer"]
  const reader: Reader = (file, schema) => Dataset.csv(file, schema, { columns })

  it.live("is read by the names that are given, from its first record on", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* read(reader, `"one, ""and""\nmore",1\r\n\r\ntwo,2`, Row), [
        { question: `one, "and"\nmore`, answer: 1 },
        { question: "two", answer: 2 }
      ])
      assert.deepStrictEqual(yield* read(reader, "\uFEFFone,1\n", Row), [{ question: "one", answer: 1 }])
    }).pipe(Effect.provide(layer))
  )

  it.live("and is wrong somewhere is refused with the line as it stands in the file", () =>
    Effect.gen(function* () {
      const refused = (text: string) => refusal(reader, text, Row)
      assert.deepStrictEqual(yield* refused(`"a\nb",1\n\nx,y\n`), {
        line: 4,
        field: "answer",
        message: `rows:4: field "answer": Expected a string representing a finite number`
      })
      assert.strictEqual((yield* refused("x,1\nx,1,2\n")).message, "rows:2: Expected 2 cells, got 3")
      assert.match((yield* refused(`x,1\n"y,2\n`)).message, /^rows:2: Unterminated/)
      assert.strictEqual((yield* refused("\n")).message, "rows: the data set has no rows")
    }).pipe(Effect.provide(layer))
  )
})

describe("a JSON document", () => {
  const Document = Schema.Struct({ examples: Schema.Array(Row) })

  it.live("is read whole, and what is wrong in it is named by its path", () =>
    Effect.gen(function* () {
      const examples = [
        { question: "1+1", answer: 2 },
        { question: "ü", answer: 3 }
      ]
      const text = JSON.stringify({ canary: "x", examples }, null, 2)
      assert.deepStrictEqual(yield* Dataset.json(yield* withFile(`\uFEFF${text}`), Document), { examples })
      const refused = Effect.fnUntraced(function* (content: string | Uint8Array) {
        const file = yield* withFile(content)
        const { field, line, message } = yield* Effect.flip(Dataset.json(file, Document))
        return [line, field, message.replace(file, "rows")] as const
      })
      assert.deepStrictEqual(yield* refused(text.replace("3", `"x"`)), [
        0,
        "examples.1.answer",
        `rows: field "examples.1.answer": Expected number`
      ])
      assert.match((yield* refused("{"))[2], /^rows: not JSON: SyntaxError/)
      assert.match((yield* refused(bytes("{\n", [0xff])))[2], /^rows:2: not UTF-8/)
    }).pipe(Effect.provide(layer))
  )
})

const below = (limit: number) => Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: limit }))
const Share = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 1 }))
const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const sorted = (numbers: ReadonlyArray<number>) => [...numbers].sort((a, b) => a - b)

describe("cutting a set", () => {
  it.effect.prop(
    "shuffling keeps every example once, and the same seed gives the same order",
    [below(60), Schema.Int],
    ([n, seed]) =>
      Effect.gen(function* () {
        const examples = range(n)
        const shuffled = yield* Dataset.shuffle(examples, seed)
        assert.deepStrictEqual(sorted(shuffled), examples)
        assert.deepStrictEqual(yield* Dataset.shuffle(examples, seed), shuffled)
        assert.deepStrictEqual(examples, range(n))
      })
  )

  it.effect("another seed gives another order", () =>
    Effect.gen(function* () {
      const orders = yield* Effect.forEach(range(50), (seed) => Dataset.shuffle(range(20), seed))
      assert.strictEqual(new Set(orders.map((order) => order.join())).size, 50)
      // and no place is favoured: each example leads about as often as any other
      const leaders = yield* Effect.forEach(range(2000), (seed) => Dataset.sample(range(4), 1, seed))
      const counts = range(4).map((i) => leaders.filter(([first]) => first === i).length)
      for (const count of counts) assert.isTrue(count > 400 && count < 600, counts.join())
    })
  )

  it.effect.prop(
    "a sample has as many examples as asked for, or as there are, none twice",
    [below(30), Schema.Int, Schema.Int],
    ([size, n, seed]) =>
      Effect.gen(function* () {
        const drawn = yield* Dataset.sample(range(size), n % 40, seed)
        assert.strictEqual(drawn.length, Math.max(0, Math.min(size, n % 40)))
        assert.strictEqual(new Set(drawn).size, drawn.length)
        assert.isTrue(drawn.every((one) => one < size))
      })
  )

  it.effect.prop(
    "a split is a partition by the shares, the same for the same seed",
    [below(100), Share, Share, Schema.Int],
    ([n, train, rest, seed]) =>
      Effect.gen(function* () {
        const shares = { train, validation: (1 - train) * rest }
        const cut = yield* Dataset.split(range(n), shares, seed)
        assert.deepStrictEqual(sorted([...cut.train, ...cut.validation, ...cut.test]), range(n))
        assert.isAtMost(Math.abs(cut.train.length - shares.train * n), 0.5)
        assert.isAtMost(Math.abs(cut.validation.length - shares.validation * n), 1)
        assert.deepStrictEqual(yield* Dataset.split(range(n), shares, seed), cut)
      })
  )

  it.effect("shares that add up to one leave nothing for the test, also after rounding", () =>
    Effect.gen(function* () {
      const cut = yield* Dataset.split(range(5), { train: 0.5, validation: 0.5 }, 1)
      assert.deepStrictEqual([cut.train.length, cut.validation.length, cut.test.length], [3, 2, 0])
    })
  )
})
