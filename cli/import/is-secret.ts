import { secretVariables } from '../../catalog/secret-variables.ts'

/** Names whose values nobody else should read, also where the value looks harmless. */
const SECRET =
  /(^|_)(PASS(WORD|WD|PHRASE)?|PWD|SECRETS?|TOKEN|CREDENTIALS?|KEY|KEY_BASE|SALT)$|(^|_)SECRET_/
const HARMLESS_NAME = /(^|_)(PUBLIC|PUBLISHABLE|SITE|PRIMARY|SORT|CACHE|PARTITION)_KEY$/
/** Where something is, whether there is something, or how long it lives. */
const HARMLESS_VALUE = /^(|true|false|yes|no|none|null|\d{1,4}|\/.*|\.\/.*|https?:\/\/[^@]*)$/i

/** Whether a variable's value belongs into no file. */
export function isSecret(name: string, value: string): boolean {
  if (secretVariables({ [name]: value }).length > 0) return true
  const plain = name.toUpperCase()
  return SECRET.test(plain) && !HARMLESS_NAME.test(plain) && !HARMLESS_VALUE.test(value)
}
