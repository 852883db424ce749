/** SHA-256 in hexadecimal, without waiting: keys and checksums are made inside pure code and under test clocks. */
import { sha256 as digest } from "@noble/hashes/sha2.js"
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js"

export const sha256 = (text: string): string => bytesToHex(digest(utf8ToBytes(text)))
