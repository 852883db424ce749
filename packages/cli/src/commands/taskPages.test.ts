import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { FaultReply } from "@backprose/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { folder, platform, run, server } from "../../fixture/backprose.ts"

const pages = fileURLToPath(new URL("../../../../docs/tasks/", import.meta.url))
const command = /^ {4}npm run backprose -- (.+)$/gm

const commands = (page: string): ReadonlyArray<string> =>
  Array.from(readFileSync(`${pages}${page}`, "utf8").matchAll(command), ([, words]) => words!)

/** Its words are right: it wants data that is fetched, which tests do not, or of the user's own; or a better reply. */
const wants = /cannot be read: Tests use no network|no such file|the reply is no/

for (const page of readdirSync(pages).filter((name) => name !== "README.md")) {
  describe(`the page ${page}`, () => {
    it("has a command for the embedded model, and one for a hosted one", () => {
      assert.isTrue(commands(page).some((words) => !words.includes("--model")))
      assert.isTrue(commands(page).some((words) => words.includes("--model openai:")))
    })

    for (const words of commands(page)) {
      it.live(`has a command that is understood: ${words}`, () =>
        Effect.gen(function* () {
          const { url } = yield* server({ instead: () => FaultReply.json({}) })
          const hosted = words.includes("--model ") ? [] : ["--model", "openai:student"]
          const kept = words.startsWith("graph") ? [] : ["--max-calls", "2", "--run-dir", `${yield* folder}/run`]
          const ended = yield* run([...words.split(" "), ...hosted, "--base-url", url, ...kept])
          // the budget ends those that have their data
          if (ended.code === 0 || ended.code === 4) return
          assert.match(ended.err, wants)
        }).pipe(Effect.scoped, Effect.provide(platform))
      )
    }
  })
}
