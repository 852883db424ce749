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

/**
 * An image that the provider fetches itself. The URL must be whole (`https://…` or `data:…`), or the call that shows it
 * fails with `InvalidRequest`.
 */
export const fromUrl = (url: string, mediaType = "image/*"): Image => new Image({ mediaType, url })

/** An image with its bytes inside, for files of your own. `mediaType`: such as `image/png`. */
export const fromBytes = (bytes: Uint8Array, mediaType: string): Image =>
  new Image({ mediaType, url: `data:${mediaType};base64,${Base64.encode(bytes)}` })

/** Whether a value is an image, and so is shown to models as one instead of as text. */
export const isImage = (u: unknown): u is Image => u instanceof Image
