/** How the user started this command, so that what they are told to type next works. */
export const invocation = (environment: Readonly<Record<string, string | undefined>> = process.env): string => {
  if (environment["npm_command"] === undefined) return "backprose"
  return environment["npm_package_name"] === "backprose-repository" ? "npm run backprose --" : "npx backprose"
}
