import type { Bytes } from '../core/bytes.js';
import { MailsealError } from '../core/errors.js';
import { decodeBase64 } from '../encoding/base64.js';
import { malformed } from './exchange.js';

/** RFC 5802 §5.1 `saslname`: "," and "=" are written otherwise. */
export function encodeSaslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/** @throws MailsealError `sasl-malformed` for any other "=" (RFC 5802 §5.1: the server must fail then). */
export function decodeSaslName(name: string): string {
  return name.replaceAll(/=(2C|3D)?/g, (_, code: string | undefined) => {
    if (code === undefined) throw malformed('a "=" in a name that is neither "=2C" nor "=3D"');
    return code === '2C' ? ',' : '=';
  });
}

/**
 * The attributes of a message in their order (RFC 5802 §7): each a letter, "="
 * and a value without ",".
 */
export function attributesOf(message: string): readonly (readonly [name: string, value: string])[] {
  return message.split(',').map((attribute) => {
    if (!/^[A-Za-z]=/.test(attribute))
      throw malformed('a message of SCRAM is made of attributes such as "r=abc"');
    return [attribute[0]!, attribute.slice(2)] as const;
  });
}

/**
 * The values of the attributes that a message begins with, by name. Unknown ones
 * behind them are passed over (RFC 5802 §5.1).
 */
export function leadingAttributes(message: string, names: string): string[] {
  const attributes = attributesOf(message);
  if (attributes[0]?.[0] === 'm') {
    // RFC 5802 §5.1: "m" is for extensions that must be understood; none is known.
    throw new MailsealError('sasl-unsupported', 'the peer wants an extension of SCRAM that is not known', {
      fault: 'peer',
    });
  }
  return [...names].map((name, at) => {
    const attribute = attributes[at];
    if (attribute?.[0] !== name) throw malformed(`attribute ${at + 1} of a message of SCRAM is "${name}"`);
    return attribute[1];
  });
}

/** Octets of an attribute in base64. */
export function base64Attribute(value: string): Bytes {
  try {
    return decodeBase64(value);
  } catch {
    throw malformed('an attribute of SCRAM that is no base64');
  }
}

/** RFC 5802 §7 `printable`: what a nonce is made of. */
export function isNonce(value: string): boolean {
  return /^[\x21-\x2b\x2d-\x7e]+$/.test(value);
}

/** RFC 5802 §7 `posit-number`. */
export function iterationCount(value: string): number {
  if (!/^[1-9][0-9]{0,14}$/.test(value))
    throw malformed('the iteration count of SCRAM is a number of 1 or more');
  return Number(value);
}
