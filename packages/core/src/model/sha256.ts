/** SHA-256 in hexadecimal, without waiting: keys and checksums are made inside pure code and under test clocks. */
import { sha256 as digest } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

/** 64 digits. Of a text its UTF-8 bytes are taken. */
export const sha256 = (data: string | Uint8Array): string =>
  bytesToHex(digest(typeof data === "string" ? utf8ToBytes(data) : data))
