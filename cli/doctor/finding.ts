/** OK: as it should be. WARN: something will be missing. FAIL: a deployment would not succeed. */
export type Level = 'OK' | 'WARN' | 'FAIL'

/** One line of the doctor's: what is so, and what to do about it unless it is OK. */
export type Finding = { level: Level; what: string; remedy?: string }

export const ok = (what: string): Finding => ({ level: 'OK', what })
export const warn = (what: string, remedy: string): Finding => ({ level: 'WARN', what, remedy })
export const fail = (what: string, remedy: string): Finding => ({ level: 'FAIL', what, remedy })

/** As it is printed: the remedy below what it mends. */
export function line({ level, what, remedy }: Finding): string {
  return [`${level.padEnd(4)}  ${what}`, ...(remedy === undefined ? [] : [`      ${remedy}`])].join(
    '\n',
  )
}
