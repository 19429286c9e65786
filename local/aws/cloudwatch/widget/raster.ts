import { type Pixels, png } from './png.ts'

/** A place in the picture: pixels from the left and from the top. */
export type Place = { x: number; y: number }

/** A picture of a few colours, on which lines are drawn. The first colour is the ground. */
export class Raster {
  readonly #pixels: Pixels

  constructor(width: number, height: number, palette: readonly number[]) {
    this.#pixels = { width, height, palette, data: new Uint8Array(width * height) }
  }

  /** @param colour its position in the palette. */
  dot({ x, y }: Place, colour: number): void {
    const { width, height, data } = this.#pixels
    const [column, row] = [Math.round(x), Math.round(y)]
    if (column < 0 || row < 0 || column >= width || row >= height) return
    data[row * width + column] = colour
  }

  /** @param dash draws so many pixels and leaves out as many; 0 leaves out none. */
  line(from: Place, to: Place, colour: number, dash = 0): void {
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y))))
    for (let step = 0; step <= steps; step++) {
      if (dash > 0 && Math.floor(step / dash) % 2 === 1) continue
      const part = step / steps
      this.dot({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }, colour)
    }
  }

  png(): Uint8Array {
    return png(this.#pixels)
  }
}
