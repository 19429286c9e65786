import type { GetRandomPasswordRequest } from '@aws-sdk/client-secrets-manager'
import { AwsError } from '../errors.ts'
import type { Random } from '../random.ts'

const LOWERCASE = 'abcdefghijklmnopqrstuvwxyz'
const UPPERCASE = LOWERCASE.toUpperCase()
const NUMBERS = '0123456789'
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/**
 * A random password of the asked kind: 32 characters of all types unless the request says otherwise.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 *
 * @throws AwsError InvalidParameterException when nothing is left to choose from.
 */
export function randomPassword(random: Random, asked: GetRandomPasswordRequest): string {
  const length = asked.PasswordLength ?? 32
  if (length < 1 || length > 4096) throw invalid('PasswordLength must be between 1 and 4096.')
  const types = typesOf(asked)
  const alphabet = types.join('')
  if (alphabet === '') throw invalid('Every character is excluded.')
  const each = (asked.RequireEachIncludedType ?? true) ? types : []
  if (each.length > length) {
    throw invalid('PasswordLength is too short to include every required type.')
  }
  const pick = (from: string) =>
    from.charAt(Math.floor(random.next('secretsmanager/password') * from.length))
  const characters = Array.from({ length: length - each.length }, () => pick(alphabet))
  for (const type of each) {
    const position = Math.floor(random.next('secretsmanager/password') * (characters.length + 1))
    characters.splice(position, 0, pick(type))
  }
  return characters.join('')
}

/** What CloudFormation's `GenerateSecretString` asks for. */
export type GenerateSecretString = GetRandomPasswordRequest & {
  /** JSON that the password is put into, under the key. */
  SecretStringTemplate?: string
  GenerateStringKey?: string
}

/** The secret's text as CloudFormation generates it. */
export function generatedSecret(random: Random, asked: GenerateSecretString): string {
  const { SecretStringTemplate: template, GenerateStringKey: key, ...kind } = asked
  const password = randomPassword(random, kind)
  if (template === undefined || key === undefined) return password
  return JSON.stringify({ ...(JSON.parse(template) as object), [key]: password })
}

function typesOf(asked: GetRandomPasswordRequest): string[] {
  const types = [
    asked.ExcludeLowercase ? '' : LOWERCASE,
    asked.ExcludeUppercase ? '' : UPPERCASE,
    asked.ExcludeNumbers ? '' : NUMBERS,
    asked.ExcludePunctuation ? '' : PUNCTUATION,
    asked.IncludeSpace ? ' ' : '',
  ]
  const excluded = asked.ExcludeCharacters ?? ''
  return types
    .map((type) => [...type].filter((character) => !excluded.includes(character)).join(''))
    .filter((type) => type !== '')
}

const invalid = (message: string) => new AwsError('InvalidParameterException', message)
