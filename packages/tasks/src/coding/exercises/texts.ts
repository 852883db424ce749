/** Exercises on texts. */
import type { Exercise } from "./Exercise.ts"

const runs: Exercise = {
  name: "runs",
  about: "The runs of equal characters in a text, in order: each as a list of the character and the length of its run.",
  types: "(text: str) -> list",
  shown: `
    "aab" -> [["a", 2], ["b", 1]]
    "xyz" -> [["x", 1], ["y", 1], ["z", 1]]
  `,
  hidden: `
    "" -> []
    "a" -> [["a", 1]]
    "aaaa" -> [["a", 4]]
    "abba" -> [["a", 1], ["b", 2], ["a", 1]]
    "aAa" -> [["a", 1], ["A", 1], ["a", 1]]
    "  !!" -> [[" ", 2], ["!", 2]]
    "112233333333333" -> [["1", 2], ["2", 2], ["3", 11]]
  `,
  python: `def runs(text):
    found = []
    for character in text:
        if found and found[-1][0] == character:
            found[-1][1] += 1
        else:
            found.append([character, 1])
    return found
`,
  javascript: `function runs(text) {
  const found = []
  for (const character of text) {
    const last = found.at(-1)
    if (last !== undefined && last[0] === character) last[1] += 1
    else found.push([character, 1])
  }
  return found
}
`
}

const camel: Exercise = {
  name: "camel",
  about:
    "Joins words that are separated by hyphens in camel case: the first word in small letters, each later one with a capital and small letters behind it. Empty words between hyphens are left out.",
  types: "(text: str) -> str",
  shown: `
    "to-do-list" -> "toDoList"
    "word" -> "word"
  `,
  hidden: `
    "" -> ""
    "-" -> ""
    "--two--words" -> "twoWords"
    "BIG-WORDS-HERE" -> "bigWordsHere"
    "a-b-c-" -> "aBC"
    "top-10-list" -> "top10List"
    "Single" -> "single"
  `,
  python: `def camel(text):
    words = [word.lower() for word in text.split("-") if word != ""]
    return "".join(word if i == 0 else word[0].upper() + word[1:] for i, word in enumerate(words))
`,
  javascript: `function camel(text) {
  const words = text.toLowerCase().split("-").filter((word) => word !== "")
  return words.map((word, i) => (i === 0 ? word : word[0].toUpperCase() + word.slice(1))).join("")
}
`
}

const balanced: Exercise = {
  name: "balanced",
  about:
    "Whether the brackets of a text, round, square and curly, are closed in the right order by brackets of their own kind. Other characters do not matter.",
  types: "(text: str) -> bool",
  shown: `
    "a(b[c]{d})" -> true
    "(]" -> false
  `,
  hidden: `
    "" -> true
    "no brackets" -> true
    "([)]" -> false
    "(" -> false
    ")" -> false
    ")(" -> false
    "{[()()]}[]" -> true
    "(()" -> false
  `,
  python: `def balanced(text):
    closing = {"(": ")", "[": "]", "{": "}"}
    expected = []
    for character in text:
        if character in closing:
            expected.append(closing[character])
        elif character in closing.values():
            if not expected or expected.pop() != character:
                return False
    return not expected
`,
  javascript: `function balanced(text) {
  const closing = { "(": ")", "[": "]", "{": "}" }
  const expected = []
  for (const character of text) {
    if (character in closing) expected.push(closing[character])
    else if (")]}".includes(character) && expected.pop() !== character) return false
  }
  return expected.length === 0
}
`
}

const fold: Exercise = {
  name: "fold",
  about:
    "Breaks a text into lines of at most so many characters, as many words on each line as fit, joined by single spaces. A word that is longer than that stands alone on its line. Words are separated by any number of spaces. An empty text has no lines.",
  types: "(text: str, width: int) -> list",
  shown: `
    "the cat sat", 7 -> ["the cat", "sat"]
    "one two", 20 -> ["one two"]
  `,
  hidden: `
    "", 5 -> []
    "   ", 5 -> []
    "a b c", 1 -> ["a", "b", "c"]
    "a   b", 3 -> ["a b"]
    "tremendous day", 4 -> ["tremendous", "day"]
    "to be or not to be", 5 -> ["to be", "or", "not", "to be"]
    "ab cd ef", 5 -> ["ab cd", "ef"]
    "  lead trail  ", 10 -> ["lead trail"]
  `,
  python: `def fold(text, width):
    lines = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines
`,
  javascript: `function fold(text, width) {
  const lines = []
  for (const word of text.split(" ").filter((word) => word !== "")) {
    const last = lines.length - 1
    if (last >= 0 && lines[last].length + 1 + word.length <= width) lines[last] += " " + word
    else lines.push(word)
  }
  return lines
}
`
}

const prefix: Exercise = {
  name: "prefix",
  about: "The longest beginning that all words of a list have in common. Of no words, it is the empty text.",
  types: "(words: list) -> str",
  shown: `
    ["flow", "flower", "flown"] -> "flow"
    ["cat", "dog"] -> ""
  `,
  hidden: `
    [] -> ""
    ["alone"] -> "alone"
    ["", "a"] -> ""
    ["abc", "abd", "ab"] -> "ab"
    ["abc", "abc"] -> "abc"
    ["longer", "long"] -> "long"
    ["xab", "yab"] -> ""
  `,
  python: `def prefix(words):
    if not words:
        return ""
    shortest = min(words, key=len)
    for i, character in enumerate(shortest):
        if any(word[i] != character for word in words):
            return shortest[:i]
    return shortest
`,
  javascript: `function prefix(words) {
  if (words.length === 0) return ""
  let common = words[0]
  for (const word of words) while (!word.startsWith(common)) common = common.slice(0, -1)
  return common
}
`
}

const favourite: Exercise = {
  name: "favourite",
  about:
    "The word that occurs most often in a text, in small letters. Words are made of the letters a to z; capitals count as small letters, all other characters only separate. Of several that occur equally often, the one that comes first in the alphabet; null (None) where there is no word.",
  types: "(text: str) -> str | None",
  shown: `
    "the cat and the dog" -> "the"
    "b a" -> "a"
  `,
  hidden: `
    "" -> null
    "123 ... 4" -> null
    "Go, go; GO!" -> "go"
    "one-two-one" -> "one"
    "z z a b b" -> "b"
    "don't stop, don't" -> "don"
    "x1x y" -> "x"
  `,
  python: `import re


def favourite(text):
    counts = {}
    for word in re.findall("[a-z]+", text.lower()):
        counts[word] = counts.get(word, 0) + 1
    if not counts:
        return None
    return min(counts, key=lambda word: (-counts[word], word))
`,
  javascript: `function favourite(text) {
  const counts = new Map()
  for (const word of text.toLowerCase().match(/[a-z]+/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1)
  let best = null
  for (const [word, count] of counts) {
    const most = best === null ? 0 : counts.get(best)
    if (count > most || (count === most && word < best)) best = word
  }
  return best
}
`
}

const shift: Exercise = {
  name: "shift",
  about:
    "Moves each letter a to z of a text so many places on in the alphabet, and from its end on to its beginning. Capitals stay capitals, other characters stay as they are. The number of places may be negative or larger than 26.",
  types: "(text: str, places: int) -> str",
  shown: `
    "abc", 1 -> "bcd"
    "Hi!", 2 -> "Jk!"
  `,
  hidden: `
    "", 5 -> ""
    "xyz", 3 -> "abc"
    "abc", -1 -> "zab"
    "abc", 27 -> "bcd"
    "abc", -53 -> "zab"
    "Z z", 1 -> "A a"
    "\`{@[", 1 -> "\`{@["
    "7 up", 26 -> "7 up"
  `,
  python: `def shift(text, places):
    def moved(character):
        for first in "aA":
            if 0 <= ord(character) - ord(first) < 26:
                return chr((ord(character) - ord(first) + places) % 26 + ord(first))
        return character

    return "".join(moved(character) for character in text)
`,
  javascript: `function shift(text, places) {
  const by = ((places % 26) + 26) % 26
  return text.replace(/[a-z]/gi, (character) => {
    const first = character < "a" ? 65 : 97
    return String.fromCharCode(((character.charCodeAt(0) - first + by) % 26) + first)
  })
}
`
}

export const texts: ReadonlyArray<Exercise> = [runs, camel, balanced, fold, prefix, favourite, shift]
