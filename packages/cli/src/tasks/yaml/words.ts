/** What a schema says of a wrong value, in words for people who did not write the schema. */
export const words = (message: string): string => {
  const plain = message
    .replace(/\s+/g, " ")
    .replace(/^SchemaError\((.*)\)$/, "$1")
    .replace(/ at \["[^\]]*\]$/, "")
  if (plain === "Missing key") return "is missing"
  if (plain === "Expected no excess property") return "is nothing that is known here"
  return plain.replace(/^Expected /, "expected ")
}
