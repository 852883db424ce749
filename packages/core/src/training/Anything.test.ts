import { Replies, ScriptedModel } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import * as Image from "../graph/Image.ts"
import * as Message from "../model/Message.ts"
import type * as Request from "../model/Request.ts"
import * as TextModelError from "../model/TextModelError.ts"
import * as Latest from "../selector/Latest.ts"
import * as Optimize from "./Optimize.ts"

const shown = ({ messages }: Request.Request) => Message.text(messages.at(-1)!)

/** What stands in the last fence of a label in a prompt. */
const fenced = (text: string, label: string): string =>
  [...text.matchAll(new RegExp(`<${label}-([a-z0-9]+)>\\n([\\s\\S]*?)\\n</${label}-\\1>`, "g"))].at(-1)?.[2] ?? ""

/** An editor that puts letters where it is told to; a first version is "?". */
const typist = (request: Request.Request) => {
  const text = shown(request)
  const value = fenced(text, "value")
  if (request.purpose !== "optimizer" || value === "") return { value: "?" }
  const letters = [...value]
  for (const [, letter, place] of text.matchAll(/letter (.) belongs at (\d+)/g)) letters[Number(place)] = letter!
  return { value: Array.from(letters, (letter) => letter ?? "?").join(""), changed: "letters" }
}

/** How much of a word is there, and the first letter that is not. */
const spells = (word: string) => (text: string) => {
  const wrong = [...word].findIndex((letter, i) => text[i] !== letter)
  const right = [...word].filter((letter, i) => text[i] === letter).length
  return wrong < 0 ? 1 : { score: right / word.length, feedback: `the letter ${word[wrong]} belongs at ${wrong}` }
}

const models = Effect.provide(ScriptedModel.respond(typist))
const calls = Effect.flatMap(ScriptedModel, ({ requests }) => requests)

describe("anything, alone", () => {
  it.effect("is improved until it is perfect, and no model is asked but the one that writes", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "Spells a word.",
        role: "word",
        seed: "?????",
        evaluate: spells("prose")
      })
      assert.strictEqual(found.value, "prose")
      assert.strictEqual(found.score, 1)
      assert.strictEqual(found.stopped, "target")
      assert.isUndefined(found.failure)
      const requests = yield* calls
      assert.deepStrictEqual(new Set(requests.map(({ purpose }) => purpose)), new Set(["optimizer"]))
      assert.strictEqual(requests.length, 5)
      assert.include(shown(requests[0]!), "Spells a word.")
    }).pipe(models)
  )

  it.effect("its history says what every version was worth, where it came from, and what is new in it", () =>
    Effect.gen(function* () {
      const { versions } = yield* Optimize.anything({ objective: "Spells.", seed: "??", evaluate: spells("ab") })
      assert.deepStrictEqual(
        versions.map(({ changed, id, kept, parent, score, step, value }) => [
          id,
          parent,
          step,
          value,
          score,
          kept,
          changed
        ]),
        [
          [0, undefined, 0, "??", 0, true, ""],
          [1, 0, 1, "a?", 0.5, true, "letters"],
          [2, 1, 2, "ab", 1, true, "letters"]
        ]
      )
      assert.include(versions[1]?.reason, "0.000 -> 0.500")
    }).pipe(models)
  )

  it.effect("no version is tried twice, unless trials differ", () =>
    Effect.gen(function* () {
      const tried: Array<string> = []
      const evaluate = (text: string) => {
        tried.push(text)
        return spells("ab")(text)
      }
      yield* Optimize.anything({ objective: "Spells.", seed: "??", evaluate })
      assert.deepStrictEqual(tried, ["??", "a?", "ab"])
      tried.length = 0
      yield* Optimize.anything({ objective: "Spells.", seed: "??", evaluate, repeatable: false })
      assert.deepStrictEqual(tried, ["??", "??", "a?", "a?", "ab"])
    }).pipe(models)
  )

  it.effect("without a first version one is written from the objective, within its limit", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "Spells the name of a river.",
        role: "river",
        maxLength: 20,
        evaluate: spells("po")
      })
      assert.deepStrictEqual([found.versions[0]?.value, found.value], ["?", "po"])
      const [first] = yield* calls
      const prompt = shown(first!)
      assert.include(prompt, "Spells the name of a river.")
      assert.include(prompt, "river")
      assert.include(prompt, "at most 20 characters")
    }).pipe(models)
  )

  it.effect("a first version that is too long is no first version", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Optimize.anything({ objective: "Short.", maxLength: 3, evaluate: () => 1 }))
      assert.strictEqual((error as { readonly _tag: string })._tag, "ReplyUnreadable")
    }).pipe(Effect.provide(ScriptedModel.respond(() => ({ value: "long" }))))
  )
})

describe("anything, on examples", () => {
  // words of one letter each: a text has to hold all of them
  const holds = (text: string, letter: string) =>
    text.includes(letter) || { score: 0, feedback: `the letter ${letter} belongs at ${letter.charCodeAt(0) - 97}` }

  it.effect("has to do well on all of them; each is compared, and each has its own best", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "Holds letters.",
        seed: "-",
        examples: ["a", "b", "c"],
        evaluate: holds,
        training: { batchSize: 1, steps: 6 }
      })
      assert.strictEqual(found.score, 1)
      assert.include(found.value, "abc")
      for (const version of found.versions) assert.strictEqual(version.scores.length, 3)
      assert.strictEqual(found.byExample.length, 3)
      for (const [place, version] of found.byExample.entries()) {
        assert.strictEqual(version?.scores[place], 1)
        // the first that could do it
        assert.isTrue(found.versions.slice(0, version?.id).every(({ scores }) => scores[place] !== 1))
      }
    }).pipe(models)
  )

  it.effect(
    "where others are to be done well on, versions are compared on those, and learn from the examples alone",
    () =>
      Effect.gen(function* () {
        const seen = new Set<string>()
        const found = yield* Optimize.anything({
          objective: "Holds letters.",
          seed: "-",
          examples: ["a", "b"],
          validation: ["a", "c"],
          evaluate: (text, letter: string) => {
            seen.add(letter)
            return holds(text, letter)
          },
          describe: (letter) => `the letter of the day, ${letter}`,
          training: { steps: 4 }
        })
        assert.strictEqual(found.score, 0.5)
        assert.deepStrictEqual(seen, new Set(["a", "b", "c"]))
        const told = (yield* calls).map(shown).join("\n")
        assert.include(told, "On this example: the letter of the day, b")
        assert.notInclude(told, "the letter c")
      }).pipe(models)
  )

  it.effect("a trial that cannot be made counts against no version", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "Holds letters.",
        seed: "-",
        examples: ["a", "b", "c"],
        evaluate: (text, letter: string) =>
          letter === "b" ? Effect.fail("no room") : Effect.succeed(holds(text, letter)),
        training: { steps: 3 }
      })
      assert.deepStrictEqual(found.versions[0]?.scores, [0, null, 0])
      assert.strictEqual(found.score, 1)
    }).pipe(models)
  )
})

describe("anything that goes wrong", () => {
  it.effect("a version whose trial throws is worth nothing, and the editor reads why", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "A pattern for aaa.",
        seed: "(",
        evaluate: (pattern) => (new RegExp(pattern).test("aaa") ? 1 : 0),
        training: { steps: 3 }
      })
      assert.deepStrictEqual([found.value, found.score], ["a+", 1])
      const told = (yield* calls).map(shown)
      assert.include(told[0], "It failed when it was tried: SyntaxError")
      assert.include(told[1], "It failed when it was tried: SyntaxError")
    }).pipe(Effect.provide(ScriptedModel.layer([Replies.edit("a["), Replies.edit("a+")])))
  )

  it.effect("hands out what it has when a later call ends the run", () =>
    Effect.gen(function* () {
      let asked = 0
      const found = yield* Optimize.anything({ objective: "Spells.", seed: "???", evaluate: spells("abc") }).pipe(
        Effect.provide(
          ScriptedModel.respond((request) =>
            ++asked > 1 ? new TextModelError.Unauthorized({ message: "the key is gone" }) : typist(request)
          )
        )
      )
      assert.deepStrictEqual([found.value, found.stopped], ["a??", "failed"])
      assert.include(String(found.failure), "the key is gone")
    })
  )

  it.effect("without a validation there is no score, and the last version is handed out", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "Spells.",
        seed: "??",
        evaluate: spells("ab"),
        selector: Latest.layer,
        training: { steps: 2 }
      })
      assert.deepStrictEqual([found.value, found.score], ["ab", undefined])
    }).pipe(models)
  )
})

describe("anything that can be seen", () => {
  const picture = Image.fromBytes(new Uint8Array([1, 2, 3]), "image/png")

  it.effect("is shown to the critic, whose words go to whoever writes", () =>
    Effect.gen(function* () {
      const found = yield* Optimize.anything({
        objective: "A drawing of the letter a.",
        seed: "?",
        evaluate: (text) => (text === "a" ? 1 : { score: 0.25, feedback: "It is no letter.", images: [picture] })
      })
      assert.strictEqual(found.value, "a")
      const requests = yield* calls
      assert.deepStrictEqual(
        requests.map(({ purpose }) => purpose),
        ["backward", "optimizer"]
      )
      const { content } = requests[0]!.messages.at(-1)!
      assert.isTrue(Array.isArray(content) && content.some((part) => part.type === "image" && part.url === picture.url))
      assert.include(shown(requests[0]!), "A drawing of the letter a.")
      assert.include(shown(requests[0]!), "It is no letter.")
    }).pipe(
      Effect.provide(
        ScriptedModel.respond((request) => {
          if (request.purpose !== "backward") return typist(request)
          const { properties } = Schema.decodeUnknownSync(
            Schema.Struct({ properties: Schema.Record(Schema.String, Schema.Unknown) })
          )(request.output?.jsonSchema)
          return Object.fromEntries(Object.keys(properties).map((name) => [name, "the letter a belongs at 0"]))
        })
      )
    )
  )
})
