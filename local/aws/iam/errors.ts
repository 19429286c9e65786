import { AwsError } from '../errors.ts'

/** A policy IAM does not take. */
export const malformed = (message: string): AwsError =>
  new AwsError('MalformedPolicyDocument', message)

/** @param what like `role` */
export const noSuchEntity = (what: string, name: string | undefined): AwsError =>
  new AwsError('NoSuchEntity', `The ${what} with name ${name} cannot be found.`, {
    statusCode: 404,
  })

/** A managed policy that is not there, or not attached. */
export const noSuchPolicy = (arn: string | undefined): AwsError =>
  new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, { statusCode: 404 })

/** @param what like `Role` */
export const alreadyExists = (what: string, name: string | undefined): AwsError =>
  new AwsError('EntityAlreadyExists', `${what} with name ${name} already exists.`, {
    statusCode: 409,
  })

export const invalidInput = (message: string): AwsError => new AwsError('ValidationError', message)

export const deleteConflict = (message: string): AwsError =>
  new AwsError('DeleteConflict', message, { statusCode: 409 })
