import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Address from "./Address.ts"

const urlOf = (given: string) => {
  const address = Result.getOrThrow(Address.parse(given))
  return address._tag === "Web" ? address.url : undefined
}

describe("the address of a data set", () => {
  it("is a path unless it begins like something else", () => {
    for (const path of ["rows.jsonl", "../a b/rows.jsonl", "C:\\rows.csv", "/data", "githubber/x", "hf/x"])
      assert.deepStrictEqual(Result.getOrThrow(Address.parse(path)), { _tag: "Path", path })
  })

  it("may be a file of a hub at a commit", () => {
    const commit = "3101c7d507".repeat(4)
    assert.strictEqual(
      urlOf(`github:openai/grade-school-math@${commit}/grade_school_math/data/train.jsonl`),
      `https://raw.githubusercontent.com/openai/grade-school-math/${commit}/grade_school_math/data/train.jsonl`
    )
    assert.strictEqual(
      urlOf("hf:hotpotqa/hotpot_qa@abc123/a folder/dev#1.json"),
      "https://huggingface.co/datasets/hotpotqa/hotpot_qa/resolve/abc123/a%20folder/dev%231.json"
    )
  })

  it("may say which bytes are wanted, by their checksum", () => {
    const sha256 = "0aF9".repeat(16)
    const hub = "hf:hotpotqa/hotpot_qa@abc123/dev.json"
    assert.deepInclude(Result.getOrThrow(Address.parse(`${hub}#sha256=${sha256}`)), { shown: hub, sha256 })
    assert.strictEqual(urlOf(`https://example.org/x.jsonl?a=b#sha256=${sha256}`), "https://example.org/x.jsonl?a=b")
    const error = Result.getOrThrow(Result.flip(Address.parse(`${hub}#sha256=${sha256.slice(1)}`)))
    assert.include(error.message, "64 hexadecimal digits")
    assert.strictEqual(error.source, hub)
  })

  it("is refused in words where it is a hub's without a commit or a path, not https, or holds a password", () => {
    for (const given of ["github:openai/x/data.jsonl", "hf:a@b/c.jsonl", "github:a/b@c", "hf:"]) {
      const error = Result.getOrThrow(Result.flip(Address.parse(given)))
      assert.include(error.message, "Write github:owner/repository@commit/path")
      assert.strictEqual(error.source, given)
    }
    for (const given of ["http://example.org/x.jsonl", "https://me:pw@example.org/x.jsonl", "https://"])
      assert.isTrue(Result.isFailure(Address.parse(given)), given)
  })
})
