import { assert, describe, it } from "@effect/vitest"
import * as PythonRandom from "./PythonRandom.ts"

const range = (n: number) => Array.from({ length: n }, (_, i) => i)

// written down from CPython 3: for each seed, the first four words and the 1301st, a shuffle of ten, a sample of four, and
// randrange of 1, 2, 3, 7, 1000 and 2**31 + 5 after it
const vectors = [
  {
    seed: 0,
    words: [3626764237, 1654615998, 3255389356, 3823568514],
    later: 3200651262,
    shuffled: [7, 8, 1, 5, 3, 4, 2, 0, 9, 6],
    sample: [3, 1, 0, 2],
    ranges: [0, 1, 1, 3, 366, 938204377]
  },
  {
    seed: 1,
    words: [577090037, 2444712010, 3639700191, 3445702192],
    later: 724121074,
    shuffled: [6, 8, 9, 7, 5, 3, 0, 4, 1, 2],
    sample: [1, 2, 0, 3],
    ranges: [0, 1, 1, 3, 667, 1630434966]
  },
  {
    seed: 42,
    words: [2746317213, 478163327, 107420369, 3184935163],
    later: 791835934,
    shuffled: [7, 3, 2, 8, 5, 6, 9, 4, 0, 1],
    sample: [0, 3, 1, 2],
    ranges: [0, 0, 2, 0, 692, 373399426]
  },
  {
    seed: 4294967295,
    words: [2728839433, 2661025012, 872737089, 924893097],
    later: 1774201808,
    shuffled: [0, 7, 1, 5, 2, 6, 4, 8, 3, 9],
    sample: [1, 0, 3, 2],
    ranges: [0, 1, 1, 3, 420, 276052667]
  },
  {
    seed: 123456789,
    words: [2754794679, 1899526012, 2328685183, 3049235403],
    later: 199185914,
    shuffled: [0, 1, 9, 4, 3, 5, 2, 6, 8, 7],
    sample: [3, 2, 1, 0],
    ranges: [0, 1, 2, 2, 816, 1716282390]
  }
]

describe("Python's random", () => {
  for (const { later, ranges, sample, seed, shuffled, words } of vectors) {
    it(`draws, shuffles and samples as CPython does from seed ${seed}`, () => {
      const random = PythonRandom.make(seed)
      assert.deepStrictEqual(
        range(4).map(() => random.bits(32)),
        words
      )
      for (let i = 4; i < 1300; i++) random.bits(32)
      assert.strictEqual(random.bits(32), later)
      assert.deepStrictEqual(PythonRandom.shuffle(PythonRandom.make(seed), range(10)), shuffled)
      const other = PythonRandom.make(seed)
      assert.deepStrictEqual(PythonRandom.permutation(other, range(4)), sample)
      assert.deepStrictEqual(
        [1, 2, 3, 7, 1000, 2 ** 31 + 5].map((n) => other.below(n)),
        ranges
      )
    })
  }
})
