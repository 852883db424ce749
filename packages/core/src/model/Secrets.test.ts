import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Secrets } from "../index.ts"

const key = "sk-proj-Ab3dEf6hIj9lMn2pQr5tUv8x"
const of = (...values: ReadonlyArray<string>) => Secrets.of(values.map((value) => Redacted.make(value)))
const { mask, maskAll } = of(key, 'pass "word" with spaces', "short12")
const values = (found: ReadonlyArray<Redacted.Redacted<string>>) => found.map(Redacted.value)

describe("masking secrets", () => {
  it("puts stars in the place of a secret, and touches nothing else", () => {
    assert.strictEqual(mask(`the key is ${key}, so keep it`), "the key is ***, so keep it")
    assert.strictEqual(mask(`${key}${key} ${key}`), "****** ***")
    assert.strictEqual(mask('say pass "word" with spaces!'), "say ***!")
  })

  it("knows a secret in JSON, in a URL and in base64, at every alignment", () => {
    assert.strictEqual(mask(JSON.stringify({ a: 'pass "word" with spaces' })), '{"a":"***"}')
    assert.strictEqual(mask(`?q=${encodeURIComponent('pass "word" with spaces')}&b`), "?q=***&b")
    for (const before of ["", "u", "us", "use:"]) {
      const coded = btoa(`${before}${key}!`)
      const masked = mask(`Basic ${coded}`)
      assert.include(masked, "***")
      assert.isAtMost(masked.length, "Basic ".length + before.length * 2 + 10)
    }
  })

  it("knows sixteen letters of a key in a row, wherever they stand, and leaves fifteen alone", () => {
    for (let from = 0; from + 16 <= key.length; from++) {
      for (let before = 0; before < 9; before++) {
        const text = (piece: string) => `${"x".repeat(before)} ${piece} `
        assert.strictEqual(mask(text(key.slice(from, from + 16))), text("***"))
      }
    }
    assert.strictEqual(mask(key.slice(0, 15)), key.slice(0, 15))
  })

  it("leaves words alone: what is shorter than eight letters is not masked", () => {
    assert.strictEqual(mask("short12 and sweet"), "short12 and sweet")
  })

  it("masks a document whole and by its long lines, not by its words", () => {
    const line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj"
    const document = of(`{"type": "service_account",\n "private_key": "-----BEGIN\\n${line}\\n"}`)
    assert.strictEqual(document.mask(`it says ${line}.`), "it says ***.")
    assert.strictEqual(document.mask("a service_account has a private_key"), "a service_account has a private_key")
  })

  it("masks every string of a value, names included, and gives the value itself where there is none", () => {
    assert.deepStrictEqual(maskAll({ a: [{ [key]: `x ${key}` }], b: 1, c: null }), {
      a: [{ "***": "x ***" }],
      b: 1,
      c: null
    } as unknown)
    const harmless = { a: [{ b: "nothing" }] }
    assert.strictEqual(maskAll(harmless), harmless)
  })

  it.effect("adds what is made secret inside to what was secret outside", () =>
    Effect.gen(function* () {
      const { mask } = yield* Secrets.Known
      assert.strictEqual(mask(`${key} and another-secret`), "*** and ***")
    }).pipe(
      Effect.provide(Secrets.layer([Redacted.make("another-secret")])),
      Effect.provide(Secrets.layer([Redacted.make(key)]))
    )
  )
})

describe("where secrets stand", () => {
  it("is told by the names of variables", () => {
    const found = Secrets.inEnvironment({
      OPENAI_API_KEY: "a",
      GITHUB_TOKEN: "b",
      DB_PASSWORD: "c",
      clientSecret: "d",
      AWS_SECRET_ACCESS_KEY: "e",
      APIKEY: "f",
      HTTPS_PROXY: "http://user:g%21@proxy:80",
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=h,authorization=Bearer%20i",
      SUDO_AUTH: "required",
      MAX_TOKENS: "4096",
      TOKENIZERS_PARALLELISM: "false",
      SSH_KEY_FILE: "/home/me/.ssh/id",
      KEYBOARD: "qwerty",
      MONKEY: "banana",
      PATH: "/bin",
      EMPTY_KEY: ""
    })
    assert.deepStrictEqual(values(found), ["a", "b", "c", "d", "e", "f", "g%21", "g!", "h", "h", "Bearer i", "i"])
  })

  it("is told by the names and lengths of the parts of a query", () => {
    const url = "https://host/v1?api-version=2024-10-21-preview&api-key=abc&region=eu&x=0123456789abcdef01234567"
    assert.deepStrictEqual(values(Secrets.inUrl(url)), ["abc", "0123456789abcdef01234567"])
    assert.deepStrictEqual(values(Secrets.inUrl("no URL")), [])
  })
})
