/** A package as it would be published. */
import type { Manifest } from "./Manifest.ts"

export interface Packed {
  /** Its folder in packages/. */
  readonly name: string
  readonly manifest: Manifest
  readonly tarball: string
  /** Paths in the tarball. */
  readonly files: ReadonlyArray<string>
}
