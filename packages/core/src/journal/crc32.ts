/**
 * CRC-32 (the one of ZIP, PNG and Ethernet): it finds accidents, each change of up to 32 bits in a row for certain, and
 * is several times as fast as a cryptographic hash, which is most of the time that a large journal takes to open.
 */

const polynomial = 0xedb88320

/** What each value of a byte adds, when it is followed by none, one, two or three more of its word. */
const tables = (): readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] => {
  const next = (of: (byte: number) => number) => Uint32Array.from({ length: 256 }, (_, byte) => of(byte))
  const one = next((byte) => {
    let sum = byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1
    return sum
  })
  const further = (table: Uint32Array) => next((byte) => (table[byte]! >>> 8) ^ one[table[byte]! & 255]!)
  const two = further(one)
  const three = further(two)
  return [one, two, three, further(three)]
}
const [none, one, two, three] = tables()

/** As an unsigned number of 32 bits. */
export const crc32 = (bytes: Uint8Array): number => {
  const words = bytes.length - (bytes.length % 4)
  let sum = -1
  for (let i = 0; i < words; i += 4) {
    sum ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
    sum = three[sum & 255]! ^ two[(sum >>> 8) & 255]! ^ one[(sum >>> 16) & 255]! ^ none[sum >>> 24]!
  }
  for (let i = words; i < bytes.length; i++) sum = (sum >>> 8) ^ none[(sum ^ bytes[i]!) & 255]!
  return ~sum >>> 0
}
