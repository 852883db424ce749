/** The one thing that this process says to the one that started it; on the terminal, where a person did. */
export const say = (result: unknown): Promise<void> =>
  new Promise((resolve) => {
    if (process.send === undefined) resolve(console.log(result))
    else process.send(result, undefined, undefined, () => resolve())
  })

/** Ends this process when the one that started it is gone. */
export const endWithParent = (): void => {
  process.once("disconnect", () => process.exit())
}
