/** What an alert of AWS Budgets says, as far as it can be read. Only ever a reason to look. */
export type Alert = { name?: string; type?: 'ACTUAL' | 'FORECASTED'; amount?: number }

/** Longer is not an alert of AWS Budgets; what is behind is not read. */
const CHARACTERS = 10_000

/**
 * Reads the plain text of an alert, line by line, in any order and case. AWS documents no format:
 * what is not there, or cannot be read, is left out, and the budgets are looked at all the same.
 */
export function readAlert(text: string): Alert {
  const lines = new Map(
    text
      .slice(0, CHARACTERS)
      .split(/\r?\n/)
      .flatMap((line) => {
        const [label = '', value] = line.split(/:(.*)/)
        return value === undefined ? [] : [[label.trim().toLowerCase(), value.trim()] as const]
      }),
  )
  const name = lines.get('budget name')
  const type = TYPES.find((one) => one === lines.get('alert type')?.toUpperCase())
  const amount = readUsd(lines.get(`${(type ?? 'ACTUAL').toLowerCase()} amount`) ?? '')
  return {
    ...(name && { name: name.slice(0, 100) }),
    ...(type && { type }),
    ...(amount !== undefined && { amount }),
  }
}

const TYPES = ['ACTUAL', 'FORECASTED'] as const

/** `$1,100.50` */
function readUsd(text: string): number | undefined {
  const bare = text.replace(/^\$/, '').replaceAll(',', '')
  return /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : undefined
}
