export type { Measured, Row, Skipped } from "./Row.ts"
export { rows } from "./rows.ts"
