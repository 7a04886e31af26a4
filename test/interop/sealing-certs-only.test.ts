import { expect } from 'vitest';
import { createCertsOnly } from '../../src/cms/sign/create-signed-data.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { describeCells } from './sealing/cells.js';
import { type CertsOnlyRow, certsOnlyRows } from './sealing/other-rows.js';

describeCells<CertsOnlyRow, Uint8Array>(certsOnlyRows, {
  theyMake: (peer, people, { certificates }) => peer.makeCertsOnly(certificates(people)),
  async weRead(octets, people, { certificates }) {
    const signedData = parseSignedData(octets);
    expect(signedData.isCertsOnly).toBe(true);
    // Some put the authorities above along.
    const read = signedData.certificates.map(({ bytes }) => encodeHex(bytes));
    expect(read).toEqual(expect.arrayContaining(certificates(people).map(({ bytes }) => encodeHex(bytes))));
  },
  async weMake(people, { certificates }) {
    return createCertsOnly({ certificates: certificates(people) });
  },
  async theyRead(peer, octets, people, { certificates }) {
    const read = (await peer.readCertsOnly(octets)).map((each) => encodeHex(each));
    expect(read).toEqual(expect.arrayContaining(certificates(people).map(({ bytes }) => encodeHex(bytes))));
  },
});
