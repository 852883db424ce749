/** What of a run or a study is as in TextGrad, to compare with its figures. */

/** In words; none where all is as ours. */
export const asTextGrad = ({
  order,
  scoring
}: {
  readonly order?: "sound" | "textgrad" | undefined
  readonly scoring?: "exact" | "textgrad" | undefined
}): ReadonlyArray<string> => [
  ...(order === "textgrad" ? ["ordered as TextGrad does"] : []),
  ...(scoring === "textgrad" ? ["scored as TextGrad does"] : [])
]
