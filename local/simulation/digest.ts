/** Twelve digits of an image's digest, as Slack and reasons show it. */
export const short = (digest: string): string => digest.replace('sha256:', '').slice(0, 12)
