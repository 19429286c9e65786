import * as z from 'zod/mini'

/**
 * The version of what is written today. Items without one are of version 1; both are read for
 * good. A newer one was written by a later Caretaker and is not guessed at.
 */
export const VERSION = 2

export const version = z._default(z.number().check(z.maximum(VERSION)), 1)
