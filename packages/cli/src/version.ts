/** The version of this command, from its own package. Imports nothing that takes time: `--version` answers at once. */
import { readFileSync } from "node:fs"

export const version: string = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version
