import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { AsnConvert, OctetString } from '@peculiar/asn1-schema'
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from '@peculiar/asn1-x509'

/** All in PEM. The authority's own key is gone once it has signed. */
export type ServerCertificate = { authority: string; certificate: string; key: string }

/** What clients may call this machine; the last one is what Docker Desktop calls it inside. */
export const SERVED_NAMES = ['localhost', 'host.docker.internal']
const SERVED_ADDRESSES = ['127.0.0.1', '::1']

const DAY_MS = 86_400_000
/** Clients refuse a year more; nobody lets a simulation run as long. */
const VALID_DAYS = 397

const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2'
const COMMON_NAME = '2.5.4.3'

/**
 * A certificate for this machine's own names, by an authority of its own that signs nothing else.
 * Two of them, because some clients take none that is authority and server in one.
 * https://www.rfc-editor.org/rfc/rfc5280#section-4.2
 *
 * @param now the real time, in milliseconds: clients look at theirs.
 */
export function makeCertificate(now: number): ServerCertificate {
  const authority = newKeys()
  const server = newKeys()
  const issuer = nameOf('Local AWS of Caretaker, until it ends')
  const validity = new Validity({
    notBefore: new Date(now - DAY_MS),
    notAfter: new Date(now + VALID_DAYS * DAY_MS),
  })
  const issued = { issuer, validity, signer: authority }
  return {
    authority: pemOf({
      ...issued,
      ...{ subject: issuer, of: authority },
      extensions: [
        extension(id_ce_basicConstraints, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign)),
      ],
    }),
    certificate: pemOf({
      ...issued,
      ...{ subject: nameOf('localhost'), of: server },
      extensions: [
        extension(id_ce_keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature)),
        extension(id_ce_extKeyUsage, new ExtendedKeyUsage([id_kp_serverAuth]), false),
        extension(id_ce_subjectAltName, alternativeNames(), false),
      ],
    }),
    key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

type Keys = { privateKey: KeyObject; publicKey: KeyObject }

const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' })

type Wanted = {
  subject: Name
  of: Keys
  issuer: Name
  signer: Keys
  validity: Validity
  extensions: Extension[]
}

function pemOf({ subject, of, issuer, signer, validity, extensions }: Wanted): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 })
  const content = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: algorithm,
    ...{ issuer, subject, validity },
    subjectPublicKeyInfo: AsnConvert.parse(exported(of), SubjectPublicKeyInfo),
    extensions: new Extensions([
      ...extensions,
      extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(identifierOf(of)), false),
      extension(id_ce_authorityKeyIdentifier, authorityOf(signer), false),
    ]),
  })
  const signed = Buffer.from(AsnConvert.serialize(content))
  const certificate = new Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: bufferOf(sign('sha256', signed, signer.privateKey)),
  })
  const text = Buffer.from(AsnConvert.serialize(certificate)).toString('base64')
  const lines = text.match(/.{1,64}/g) ?? []
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n')
}

/** Critical: a client that does not understand it refuses the certificate. */
function extension(extnID: string, value: object, critical = true): Extension {
  return new Extension({
    extnID,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  })
}

function nameOf(text: string): Name {
  const value = new AttributeValue({ utf8String: text })
  const attribute = new AttributeTypeAndValue({ type: COMMON_NAME, value })
  return new Name([new RelativeDistinguishedName([attribute])])
}

const alternativeNames = () =>
  new SubjectAlternativeName([
    ...SERVED_NAMES.map((dNSName) => new GeneralName({ dNSName })),
    ...SERVED_ADDRESSES.map((iPAddress) => new GeneralName({ iPAddress })),
  ])

const authorityOf = (keys: Keys) =>
  new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(identifierOf(keys)) })

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.2 */
const identifierOf = (keys: Keys): ArrayBuffer =>
  bufferOf(createHash('sha1').update(exported(keys)).digest())

/** Positive, and never one that was given before. */
function serialNumber(): ArrayBuffer {
  const number = randomBytes(16)
  number[0] = ((number[0] ?? 0) & 0x7f) | 0x40
  return bufferOf(number)
}

const exported = ({ publicKey }: Keys): Buffer => publicKey.export({ type: 'spki', format: 'der' })

/** Its own memory alone: Node cuts small buffers out of larger ones. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
