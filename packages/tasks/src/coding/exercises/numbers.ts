/** Exercises on numbers and codes. */
import type { Exercise } from "./Exercise.ts"

const roman: Exercise = {
  name: "roman",
  about: "A whole number from 1 to 3999 in Roman numerals.",
  types: "(number: int) -> str",
  shown: `
    7 -> "VII"
    40 -> "XL"
  `,
  hidden: `
    1 -> "I"
    4 -> "IV"
    9 -> "IX"
    499 -> "CDXCIX"
    400 -> "CD"
    944 -> "CMXLIV"
    1987 -> "MCMLXXXVII"
    3999 -> "MMMCMXCIX"
  `,
  python: `def roman(number):
    values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
    numerals = ["M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"]
    written = ""
    for value, numeral in zip(values, numerals):
        written += numeral * (number // value)
        number %= value
    return written
`,
  javascript: `function roman(number) {
  const numerals = [[1000, "M"], [900, "CM"], [500, "D"], [400, "CD"], [100, "C"], [90, "XC"], [50, "L"], [40, "XL"],
    [10, "X"], [9, "IX"], [5, "V"], [4, "IV"], [1, "I"]]
  let written = ""
  for (const [value, numeral] of numerals) {
    while (number >= value) {
      written += numeral
      number -= value
    }
  }
  return written
}
`
}

const clock: Exercise = {
  name: "clock",
  about:
    "The time of day, as hours and minutes of two digits each with a colon between them, so many minutes after midnight. The minutes may be more than a day has, or negative for minutes before midnight.",
  types: "(minutes: int) -> str",
  shown: `
    90 -> "01:30"
    725 -> "12:05"
  `,
  hidden: `
    0 -> "00:00"
    59 -> "00:59"
    1439 -> "23:59"
    1440 -> "00:00"
    3000 -> "02:00"
    -1 -> "23:59"
    -1441 -> "23:59"
  `,
  python: `def clock(minutes):
    hours, rest = divmod(minutes % 1440, 60)
    return f"{hours:02d}:{rest:02d}"
`,
  javascript: `function clock(minutes) {
  const today = ((minutes % 1440) + 1440) % 1440
  const two = (number) => String(number).padStart(2, "0")
  return two(Math.floor(today / 60)) + ":" + two(today % 60)
}
`
}

const change: Exercise = {
  name: "change",
  about:
    "The fewest coins that make up an amount, from coins of the given values, of which there are enough; -1 where no coins make it up. An amount of 0 needs none.",
  types: "(amount: int, coins: list) -> int",
  shown: `
    11, [1, 2, 5] -> 3
    3, [2] -> -1
  `,
  hidden: `
    0, [5] -> 0
    6, [1, 3, 4] -> 2
    7, [5, 3] -> -1
    8, [5, 3] -> 2
    27, [4, 9] -> 3
    5, [] -> -1
    100, [1, 50] -> 2
    63, [1, 5, 10, 21, 25] -> 3
  `,
  python: `def change(amount, coins):
    fewest = [0] + [None] * amount
    for total in range(1, amount + 1):
        for coin in coins:
            if coin <= total and fewest[total - coin] is not None:
                needed = fewest[total - coin] + 1
                if fewest[total] is None or needed < fewest[total]:
                    fewest[total] = needed
    return -1 if fewest[amount] is None else fewest[amount]
`,
  javascript: `function change(amount, coins) {
  const fewest = new Array(amount + 1).fill(Infinity)
  fewest[0] = 0
  for (let total = 1; total <= amount; total++) {
    for (const coin of coins) if (coin <= total) fewest[total] = Math.min(fewest[total], fewest[total - coin] + 1)
  }
  return fewest[amount] === Infinity ? -1 : fewest[amount]
}
`
}

const isbn: Exercise = {
  name: "isbn",
  about:
    "Whether a text is a valid ISBN of ten places: without its hyphens it has nine digits and then a digit or X, which stands for 10; ten times the first, nine times the second and so on, once the last, add up to a multiple of 11.",
  types: "(text: str) -> bool",
  shown: `
    "3-16-148410-0" -> false
    "0306406152" -> true
  `,
  hidden: `
    "0-306-40615-2" -> true
    "080442957X" -> true
    "0804429570" -> false
    "X306406152" -> false
    "030640615" -> false
    "03064061522" -> false
    "" -> false
    "030640615a" -> false
  `,
  python: `def isbn(text):
    places = text.replace("-", "")
    if len(places) != 10:
        return False
    total = 0
    for i, character in enumerate(places):
        if character in "0123456789":
            value = int(character)
        elif character == "X" and i == 9:
            value = 10
        else:
            return False
        total += (10 - i) * value
    return total % 11 == 0
`,
  javascript: `function isbn(text) {
  const places = text.replaceAll("-", "")
  if (!/^[0-9]{9}[0-9X]$/.test(places)) return false
  let total = 0
  for (let i = 0; i < 10; i++) total += (10 - i) * (places[i] === "X" ? 10 : Number(places[i]))
  return total % 11 === 0
}
`
}

const newer: Exercise = {
  name: "newer",
  about:
    "Compares two versions, each of numbers with dots between them, number by number from the left: 1 where the first is newer, -1 where it is older, 0 where they are equal. A number that is not there counts as 0.",
  types: "(first: str, second: str) -> int",
  shown: `
    "1.2", "1.1" -> 1
    "2.0.1", "2.1" -> -1
  `,
  hidden: `
    "1.10", "1.9" -> 1
    "1.0", "1" -> 0
    "1", "1.0.1" -> -1
    "1", "1.0" -> 0
    "01.2", "1.2" -> 0
    "0.9.9", "1" -> -1
    "3.2.1", "3.2.1" -> 0
    "10", "9.9.9" -> 1
  `,
  python: `def newer(first, second):
    a = [int(part) for part in first.split(".")]
    b = [int(part) for part in second.split(".")]
    length = max(len(a), len(b))
    a += [0] * (length - len(a))
    b += [0] * (length - len(b))
    return (a > b) - (a < b)
`,
  javascript: `function newer(first, second) {
  const a = first.split(".").map(Number)
  const b = second.split(".").map(Number)
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference > 0 ? 1 : -1
  }
  return 0
}
`
}

const ordinal: Exercise = {
  name: "ordinal",
  about:
    "A whole number that is not negative, with the ending of its English ordinal: st, nd or rd where it is spoken first, second or third at its end, else th.",
  types: "(number: int) -> str",
  shown: `
    1 -> "1st"
    4 -> "4th"
  `,
  hidden: `
    0 -> "0th"
    2 -> "2nd"
    23 -> "23rd"
    11 -> "11th"
    12 -> "12th"
    113 -> "113th"
    1021 -> "1021st"
    112 -> "112th"
  `,
  python: `def ordinal(number):
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"
`,
  javascript: `function ordinal(number) {
  const teens = number % 100 >= 11 && number % 100 <= 13
  return number + (teens ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th"))
}
`
}

export const numbers: ReadonlyArray<Exercise> = [roman, clock, change, isbn, newer, ordinal]
