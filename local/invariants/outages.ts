import type { Trace } from './trace.ts'

/** Whether a service of AWS was down, or Caretaker switched off, at some moment between two instants. */
export const isAnythingDown = ({ outages }: Trace, from: number, to: number): boolean =>
  outages.some((one) => one.from <= to && from <= one.until)
