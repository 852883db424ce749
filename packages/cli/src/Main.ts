#!/usr/bin/env node
/**
 * The `backprose` command of this process: arguments, signals and exit code. Anything that takes time to load is loaded
 * only when it is needed.
 */
import { version } from "./version.ts"

const args = process.argv.slice(2)
if (args.length === 1 && (args[0] === "--version" || args[0] === "-v")) {
  process.stdout.write(`${version}\n`)
} else {
  const { main } = await import("./process.ts")
  main(args)
}
