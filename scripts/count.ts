/** Prints what a report counts as "passed failed skipped": the one that vitest writes as JSON, or that of check.ts. */
import { readFileSync } from "node:fs"

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests?: number
  readonly numTodoTests?: number
}

const [path = ""] = process.argv.slice(2)
const report: Report = JSON.parse(readFileSync(path, "utf8"))
const skipped = (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
console.log(report.numPassedTests, report.numFailedTests, skipped)
