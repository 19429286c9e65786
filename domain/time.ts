/** ISO 8601 in whole seconds, as ECR dates both its events and its images. */
export function instant(time: string | Date): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** Seconds since 1970, as DynamoDB's time to live wants them. */
export const epochSeconds = (time: Date): number => Math.floor(time.getTime() / 1000)
