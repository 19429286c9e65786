/** People are told so long before something sleeps. */
export const NOTICE_MS = 30 * 60_000
/** Whoever asked for an override is asked again so long before its end. */
export const QUESTION_MS = 10 * 60_000
