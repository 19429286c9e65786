/**
 * Requests that the entrance for Slack works on at once, where the catalog limits it. Everybody on
 * the internet can reach it: this is what strangers can make us spend, 5 × 128 MB, about $0.02 an
 * hour.
 */
export const ENTRANCE_AT_ONCE = 5

/**
 * Visitors of what sleeps that are answered at once, where the catalog limits it: a page asks every
 * three seconds and is answered within a tenth of one, so that some 150 people can watch a wake.
 */
export const VISITORS_AT_ONCE = 5
