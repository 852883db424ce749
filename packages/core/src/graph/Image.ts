/** An image as a value in the graph: by URL, or with its bytes in a `data:` URL. */
import * as Base64 from "effect/encoding/Base64"
import * as Schema from "effect/Schema"
import { ImagePart } from "../model/Message.ts"

export class Image extends Schema.Class<Image>("@backprose/core/Image")({
  mediaType: Schema.String,
  url: Schema.String
}) {
  /** The image as a part of a message. */
  get part(): typeof ImagePart.Type {
    return { type: "image", mediaType: this.mediaType, url: this.url }
  }
}

export const fromUrl = (url: string, mediaType = "image/*"): Image => new Image({ mediaType, url })

export const fromBytes = (bytes: Uint8Array, mediaType: string): Image =>
  new Image({ mediaType, url: `data:${mediaType};base64,${Base64.encode(bytes)}` })

export const isImage = (u: unknown): u is Image => u instanceof Image
