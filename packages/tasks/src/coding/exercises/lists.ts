/** Exercises on lists. */
import type { Exercise } from "./Exercise.ts"

const median: Exercise = {
  name: "median",
  about:
    "The median of a list of numbers that is not empty: the one in the middle when they are sorted; of an even count, the mean of the two in the middle.",
  types: "(numbers: list) -> float",
  shown: `
    [3, 1, 2] -> 2
    [1, 2, 3, 4] -> 2.5
  `,
  hidden: `
    [7] -> 7
    [10, 9, 1] -> 9
    [-5, -1, -3] -> -3
    [100, 20, 3, 1] -> 11.5
    [2, 2, 2, 2] -> 2
    [0.5, 1.5] -> 1
    [5, 1] -> 3
  `,
  python: `def median(numbers):
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle]) / 2
`,
  javascript: `function median(numbers) {
  const ordered = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(ordered.length / 2)
  return ordered.length % 2 === 1 ? ordered[middle] : (ordered[middle - 1] + ordered[middle]) / 2
}
`
}

const runner: Exercise = {
  name: "runner_up",
  about:
    "The second largest of the different numbers in a list; null (None) where there are not two different numbers.",
  types: "(numbers: list) -> int | None",
  shown: `
    [5, 1, 3] -> 3
    [2, 9] -> 2
  `,
  hidden: `
    [] -> null
    [4] -> null
    [4, 4, 4] -> null
    [9, 9, 8] -> 8
    [-3, -1, -2] -> -2
    [0, -1] -> -1
    [10, 9, 100] -> 10
  `,
  python: `def runner_up(numbers):
    different = sorted(set(numbers))
    return different[-2] if len(different) >= 2 else None
`,
  javascript: `function runner_up(numbers) {
  const different = [...new Set(numbers)].sort((a, b) => b - a)
  return different.length >= 2 ? different[1] : null
}
`
}

const rotate: Exercise = {
  name: "rotate",
  about:
    "A list with its items moved so many places to the right; those that leave it at the end come in at the beginning. A negative number moves to the left; it may be larger than the list is long.",
  types: "(items: list, places: int) -> list",
  shown: `
    [1, 2, 3], 1 -> [3, 1, 2]
    ["a", "b", "c", "d"], 2 -> ["c", "d", "a", "b"]
  `,
  hidden: `
    [], 3 -> []
    [1], 5 -> [1]
    [1, 2, 3], 0 -> [1, 2, 3]
    [1, 2, 3], 3 -> [1, 2, 3]
    [1, 2, 3], 4 -> [3, 1, 2]
    [1, 2, 3], -1 -> [2, 3, 1]
    [1, 2, 3], -7 -> [2, 3, 1]
  `,
  python: `def rotate(items, places):
    if not items:
        return []
    start = -places % len(items)
    return items[start:] + items[:start]
`,
  javascript: `function rotate(items, places) {
  const { length } = items
  return items.map((_, i) => items[(((i - places) % length) + length) % length])
}
`
}

const merge: Exercise = {
  name: "merge",
  about:
    "Intervals, each a list of its start and its end, made into as few as possible, sorted by their starts: those that overlap or touch become one.",
  types: "(intervals: list) -> list",
  shown: `
    [[1, 3], [2, 5]] -> [[1, 5]]
    [[1, 2], [4, 5]] -> [[1, 2], [4, 5]]
  `,
  hidden: `
    [] -> []
    [[6, 8], [1, 2]] -> [[1, 2], [6, 8]]
    [[1, 2], [2, 3]] -> [[1, 3]]
    [[1, 10], [2, 3]] -> [[1, 10]]
    [[1, 4], [0, 1], [3, 9], [12, 12]] -> [[0, 9], [12, 12]]
    [[-3, -1], [-2, 10]] -> [[-3, 10]]
    [[10, 11], [9, 9], [2, 9]] -> [[2, 9], [10, 11]]
    [[1, 2], [4, 8], [5, 6]] -> [[1, 2], [4, 8]]
  `,
  python: `def merge(intervals):
    merged = []
    for start, end in sorted(intervals):
        if merged and start <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return merged
`,
  javascript: `function merge(intervals) {
  const merged = []
  for (const [start, end] of [...intervals].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last !== undefined && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}
`
}

const flatten: Exercise = {
  name: "flatten",
  about:
    "All items of a list in order, those of the lists inside it, however deep, in their places. Empty lists vanish.",
  types: "(items: list) -> list",
  shown: `
    [1, [2, 3], 4] -> [1, 2, 3, 4]
    [[1], [2]] -> [1, 2]
  `,
  hidden: `
    [] -> []
    [[], [[]]] -> []
    [[[[5]]]] -> [5]
    [1, [2, [3, [4, [5]]]]] -> [1, 2, 3, 4, 5]
    ["ab", ["cd"]] -> ["ab", "cd"]
    [0, [null, false]] -> [0, null, false]
  `,
  python: `def flatten(items):
    flat = []
    for item in items:
        if isinstance(item, list):
            flat.extend(flatten(item))
        else:
            flat.append(item)
    return flat
`,
  javascript: `function flatten(items) {
  return items.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]))
}
`
}

const spiral: Exercise = {
  name: "spiral",
  about:
    "The items of a grid, which is a list of rows of equal length, in the order of a spiral: from the upper left corner to the right, down, to the left, up, and so on inwards.",
  types: "(grid: list) -> list",
  shown: `
    [[1, 2], [4, 3]] -> [1, 2, 3, 4]
    [[1, 2, 3], [8, 9, 4], [7, 6, 5]] -> [1, 2, 3, 4, 5, 6, 7, 8, 9]
  `,
  hidden: `
    [] -> []
    [[7]] -> [7]
    [[1, 2, 3]] -> [1, 2, 3]
    [[1], [2], [3]] -> [1, 2, 3]
    [[1, 2, 3], [6, 5, 4]] -> [1, 2, 3, 4, 5, 6]
    [[1, 2], [6, 3], [5, 4]] -> [1, 2, 3, 4, 5, 6]
    [[1, 2, 3, 4], [10, 11, 12, 5], [9, 8, 7, 6]] -> [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
  `,
  python: `def spiral(grid):
    rows = [list(row) for row in grid]
    order = []
    while rows:
        order += rows.pop(0)
        rows = [list(row) for row in zip(*rows)][::-1]
    return order
`,
  javascript: `function spiral(grid) {
  let rows = grid.map((row) => [...row])
  const order = []
  while (rows.length > 0) {
    order.push(...rows.shift())
    const width = rows.length === 0 ? 0 : rows[0].length
    rows = Array.from({ length: width }, (_, i) => rows.map((row) => row[width - 1 - i]))
  }
  return order
}
`
}

const peaks: Exercise = {
  name: "peaks",
  about:
    "The largest number of each window of so many neighbours in a list, from left to right. There are no windows where the list is shorter than one.",
  types: "(numbers: list, size: int) -> list",
  shown: `
    [1, 3, 2, 5], 2 -> [3, 3, 5]
    [4, 2, 6], 3 -> [6]
  `,
  hidden: `
    [], 2 -> []
    [1, 2], 3 -> []
    [5, 4, 3], 1 -> [5, 4, 3]
    [-1, -7, -3], 2 -> [-1, -3]
    [9, 1, 1, 1], 2 -> [9, 1, 1]
    [2, 2], 2 -> [2]
    [1, 2, 3, 4, 10, 9], 4 -> [4, 10, 10]
  `,
  python: `def peaks(numbers, size):
    return [max(numbers[i:i + size]) for i in range(len(numbers) - size + 1)]
`,
  javascript: `function peaks(numbers, size) {
  const count = Math.max(0, numbers.length - size + 1)
  return Array.from({ length: count }, (_, i) => Math.max(...numbers.slice(i, i + size)))
}
`
}

export const lists: ReadonlyArray<Exercise> = [median, runner, rotate, merge, flatten, spiral, peaks]
