/** How much a feature may do: nothing; say what it would do, and do nothing; do it. */
export const LEVELS = ['off', 'tell', 'act'] as const
export type Level = (typeof LEVELS)[number]

/** The features that the catalog can hold back, under `features`. */
export const FEATURES = ['sleep', 'tags', 'budgets', 'health'] as const
export type Feature = (typeof FEATURES)[number]
