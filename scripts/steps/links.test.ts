import { assert, it } from "vitest"
import { found } from "../fixture.ts"
import { links } from "./links.ts"

it("a link to a file that is not there is told; addresses, anchors and code are left alone", async () => {
  const findings = await found(links, {
    "docs/a.md":
      "[b](b.md#part) [up](../README.md) [x](https://x.y) [here](#here)\n```\n[no](no.md)\n```\n[gone](gone.md)",
    "docs/b.md": "",
    "README.md": "[d](docs/)"
  })
  assert.deepStrictEqual(findings, ["docs/a.md:5 no such file: gone.md"])
})
