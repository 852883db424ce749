import { assert, describe, it } from "@effect/vitest"
import * as Letter from "./Letter.ts"
import * as Options from "./Options.ts"

const choices = ["farad", "a volt", "coulomb", "12/25/1937"]

describe("the letter of a reply", () => {
  const found = (replies: Record<string, ReadonlyArray<string>>) => {
    for (const [letter, all] of Object.entries(replies))
      for (const reply of all) assert.strictEqual(Letter.find(reply, choices) ?? "none", letter, JSON.stringify(reply))
  }

  it("is read however it is dressed", () =>
    found({
      C: [
        "Answer: C",
        "answer: c",
        "ANSWER : C",
        "Answer:C.",
        "**Answer: C**",
        "**Answer:** C",
        "Answer: **C**",
        "Answer: (C)",
        "Answer: [C]",
        "Answer: $C$",
        "Answer: $\\text{C}$",
        "Answer:\n\nC",
        "### Final Answer\n\n**Answer: C) coulomb**",
        "Answer: C) coulomb",
        "Answer: C. coulomb",
        "Answer: C - coulomb",
        "Answer: Option C",
        "Answer: Choose C",
        "Answer: coulomb",
        "Answer: (C) coulomb, because a farad is a unit of capacitance",
        "Answer is: C",
        "The answer is C",
        "So the answer is (C).",
        "The correct answer is therefore C.",
        "The correct option is C.",
        "\\boxed{C}",
        "The answer is $\\boxed{\\text{C}}$.",
        `{"reasoning": "so", "answer": "C"}`,
        "```json\n{ 'answer': 'C' }\n```",
        "C",
        "(C)",
        "c.",
        "Thinking about it, not A.\nC",
        "Thinking about it.\n(C) coulomb",
        "Thinking about it.\n**C) coulomb**",
        "I first thought Answer: A but then\nAnswer: C",
        "The answer is A, I thought.\nAnswer: C",
        "Answer: C\n\nThis answer is better than A.",
        "Answer: Because of this, C"
      ],
      A: ["Answer: A", "Answer: A) farad", "A", "Answer: farad", "The answer is A."],
      B: ["Answer: a volt", "Answer: A volt", "Answer: B"],
      D: ["Answer: 12/25/1937", "Answer: December 25, 1937", "Answer: 1937-12-25", "So it is\n12/25/1937."]
    }))

  it("is read beside the text of its choice, whatever letters are in that", () => {
    const texts = ["a solid", "A and C", "A mixture of gases", "B cells", "C", "C-reactive protein"]
    for (const [reply, letter] of [
      ["Answer: (C) A mixture of gases", "C"],
      ["C) A mixture of gases", "C"],
      ["**C.** A mixture of gases, as air is", "C"],
      ["Answer: C: A mixture of gases.", "C"],
      ["Answer: C - A mixture of gases", "C"],
      ["(D) B cells", "D"],
      ["Answer: (B) A and C", "B"],
      ["Answer: (F) C-reactive protein", "F"],
      // the text is another choice's, or only begins like it
      ["Answer: (C) B cells", undefined],
      ["Answer: (D) B cellulose", undefined],
      ["Answer: (A), (C)", undefined],
      ["Answer: A, C", undefined],
      ["Answer: (A) or (C)", undefined]
    ] as const)
      assert.strictEqual(Letter.find(reply, texts), letter, reply)
  })

  it("is none where there is none, more than one, or one that no choice has", () =>
    found({
      none: [
        "",
        "Answer:",
        "Answer: E",
        "Answer: Z) none",
        "Answer: AC",
        "Answer: A and C",
        "Answer: A, C",
        "Answer: (A) or (C)",
        "Answer: $LETTER",
        "Answer: none of these",
        "Answer: A farad is a unit of capacitance",
        "I can rule out A and B. Then C remains, or",
        "A farad is what a capacitor has.",
        "cat",
        "The unit of charge"
      ]
    }))

  it("is looked for once in a reply that ran away", () => {
    // a pattern that goes back at each blank takes a minute for this
    for (const filler of [" ", "\n", ".", "A ", "answer ", "\\boxed{"])
      assert.strictEqual(Letter.find(`Answer: B) x${filler.repeat(50_000)}x\nAnswer: C`, choices), "C")
    assert.strictEqual(Letter.find(`answer${" ".repeat(200_000)}x`, choices), undefined)
  })

  it("is right or wrong, and what is wrong is said with the texts of the choices", () => {
    assert.deepStrictEqual(Letter.score("Answer: C", { answer: "C", choices }), { score: 1, feedback: "" })
    assert.deepStrictEqual(Letter.score("Answer: A", { answer: "C", choices }), {
      score: 0,
      feedback: `The answer "A) farad" is wrong, "C) coulomb" is right.`
    })
    assert.match(Letter.score("well", { answer: "C", choices }).feedback, /^No letter can be read.*"C\) coulomb"/)
  })
})

describe("the options of a question", () => {
  it("are its lines with letters in the order of the alphabet", () => {
    const question = "What is the date?\nOptions:\n(A) 05/01/2021\n(B) 02/23/2021\n(C) 03/11/2021"
    const options = Options.of(question)
    assert.deepStrictEqual(options, ["05/01/2021", "02/23/2021", "03/11/2021"])
    assert.strictEqual(Letter.find("So it must be\nMarch 11th, 2021", options), "C")
    assert.strictEqual(Letter.find("Answer: 3/11/2021", options), "C")
    assert.deepStrictEqual(Options.of("No options (A) here"), [])
    assert.deepStrictEqual(Options.of("(B) one\n(A) two"), [])
  })

  it("that say the same twice are named by letter alone", () => {
    assert.strictEqual(Options.indexOf(["x", "X.", "y"], "x"), undefined)
    assert.strictEqual(Options.indexOf(["x", "X.", "y"], "Y"), 2)
    assert.strictEqual(Options.indexOf(["", ""], ""), undefined)
  })
})
