/** Which file of a folder has the rows of a split, by its name. */
import * as Result from "effect/Result"

export type Split = "train" | "validation" | "test"

/** What published files call a split. */
const names: Record<Split, ReadonlyArray<string>> = {
  train: ["train", "training"],
  validation: ["validation", "val", "dev", "valid"],
  test: ["test"]
}

const isData = (file: string) => /\.(jsonl|json|csv)(\.gz)?$/i.test(file) && !file.startsWith(".")

const stem = (file: string) => file.toLowerCase().split(".")[0] ?? ""

/**
 * The file whose name is the split's, else the one that has it as a word of its name (`machine_learning_test.csv`,
 * `test-public.jsonl`). Without a split, the only data file. A failure says in words why it is not plain which.
 */
export const find = (files: ReadonlyArray<string>, split: Split | undefined): Result.Result<string, string> => {
  const data = files.filter(isData).sort()
  if (data.length === 0) return Result.fail("the folder has no .jsonl, .json or .csv file")
  const wanted = split === undefined ? [] : names[split]
  const exact = data.filter((file) => wanted.includes(stem(file)))
  const worded = data.filter((file) =>
    stem(file)
      .split(/[-_ ]/)
      .some((word) => wanted.includes(word))
  )
  const found = split === undefined ? data : exact.length > 0 ? exact : worded
  const [first] = found
  if (first !== undefined && found.length === 1) return Result.succeed(first)
  const which =
    split === undefined
      ? "several data files"
      : `${found.length === 0 ? "no file" : "several files"} of the ${split} split`
  return Result.fail(`the folder has ${which} (${data.join(", ")}): name the file`)
}
