/**
 * The data of a new project: dates as people write them, and as a house of our invention files them. No model knows the
 * house's way; it has to be learned from feedback.
 */
const months = ["January", "March", "April", "June", "August", "October", "November", "December"] as const
const codes = ["JAN", "MAR", "APR", "JUN", "AUG", "OCT", "NOV", "DEC"] as const

/** One row a date: `date` as it is written, `filed` as it must come out, such as `07.MAR.24`. */
export const rows: ReadonlyArray<{ readonly date: string; readonly filed: string }> = Array.from(
  { length: 32 },
  (_, i) => {
    const [day, month, year] = [1 + ((i * 11) % 28), (i * 5) % months.length, 2019 + ((i * 3) % 8)]
    const written = [`${day} ${months[month]} ${year}`, `${months[month]} ${day}, ${year}`][i % 2]!
    return { date: written, filed: `${String(day).padStart(2, "0")}.${codes[month]}.${year % 100}` }
  }
)
