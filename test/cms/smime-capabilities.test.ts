import { describe, expect, test } from 'vitest';
import { readBer } from '../../src/asn1/reader.js';
import { derNull, derSetOf } from '../../src/asn1/writer.js';
import { smimeCapabilitiesAttribute } from '../../src/cms/attributes.js';
import { AttributeOid } from '../../src/cms/oids.js';
import {
  encodeSmimeCapabilities,
  ownSmimeCapabilities,
  type SmimeCapabilityName,
  smimeCapability,
  smimeCapabilityName,
} from '../../src/cms/smime-capabilities.js';
import { encodeHex } from '../../src/encoding/hex.js';

describe('SMIMECapabilities', () => {
  test('RFC 8551 §2.5.2: AES-128 CBC has the very octets of RFC 3565 §4.1.1, without NULL', () => {
    // RFC 3565 §4.1.1: 30 0b 06 09 60 86 48 01 65 03 04 01 02, inside the sequence of all.
    const encoded = encodeSmimeCapabilities([smimeCapability('aes128-cbc')]);
    expect(encodeHex(encoded)).toBe('300d300b0609608648016503040102');
  });

  test('RFC 8551 §2.5.2: RC2 of 128 bits is told with its number of bits', () => {
    // RFC 2633 §2.5.2: 30 0e 06 08 2a 86 48 86 f7 0d 03 02 02 02 00 80.
    const encoded = encodeSmimeCapabilities([smimeCapability('rc2-128-cbc')]);
    expect(encodeHex(encoded)).toBe('3010300e06082a864886f70d030202020080');
  });

  test('every name comes back, through the attribute too', () => {
    const names: SmimeCapabilityName[] = ['rc2-40-cbc', 'rc2-64-cbc', 'des-ede3-cbc', 'prefer-binary-inside'];
    const all = [...ownSmimeCapabilities(), ...names.map(smimeCapability)];
    const node = readBer(derSetOf(encodeSmimeCapabilities(all)));
    const read = smimeCapabilitiesAttribute([
      { type: AttributeOid.smimeCapabilities, values: node.children },
    ]);
    expect(read).toEqual(all);
    expect(read?.map(smimeCapabilityName)).toEqual(all.map(smimeCapabilityName));
    expect(all.map(smimeCapabilityName)).not.toContain(undefined);
  });

  test('NULL where there should be nothing is taken, another length of RC2 is not', () => {
    const { capability } = smimeCapability('aes256-cbc');
    expect(smimeCapabilityName({ capability, parameters: derNull() })).toBe('aes256-cbc');
    const rc2 = smimeCapability('rc2-40-cbc').capability;
    expect(smimeCapabilityName({ capability: rc2, parameters: undefined })).toBeUndefined();
    expect(smimeCapabilityName({ capability: rc2, parameters: derNull() })).toBeUndefined();
  });

  test('a name that there is not is the caller’s fault', () => {
    expect(() => smimeCapability('rot13' as never)).toThrow(expect.objectContaining({ code: 'usage' }));
    expect(() => encodeSmimeCapabilities('aes' as never)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
