import { expect, test } from 'vitest';
import { pop3Abilities } from '../../src/pop3/abilities.js';
import { Pop3Client } from '../../src/pop3/client.js';
import { wire } from '../support/pop3.js';

const nothing = {
  ...{ top: false, user: false, uidl: false, respCodes: false, authRespCode: false },
  ...{ pipelining: false, stls: false, lang: false, sasl: [] },
};

test('every registered capability', () => {
  const client = new Pop3Client({ transport: 'stls' });
  client.push(wire('+OK\r\n'));
  expect(pop3Abilities(client.capabilities)).toEqual(nothing);
  client.send({ name: 'CAPA' });
  client.push(
    wire(
      '+OK\r\nTOP\r\nUSER\r\nsasl cram-md5 PLAIN\r\nRESP-CODES\r\nLOGIN-DELAY 900 USER\r\nPIPELINING\r\nEXPIRE never\r\nUIDL\r\nIMPLEMENTATION Shlemazle-Plotz v302\r\nSTLS\r\nAUTH-RESP-CODE\r\nLANG\r\nUTF8 USER\r\nX-OWN a b\r\n.\r\n',
    ),
  );
  expect(pop3Abilities(client.capabilities)).toEqual({
    ...{ top: true, user: true, uidl: true, respCodes: true, authRespCode: true },
    ...{ pipelining: true, stls: true, lang: true, sasl: ['CRAM-MD5', 'PLAIN'] },
    utf8: { user: true },
    expire: { days: 'NEVER', isPerUser: false },
    loginDelay: { seconds: 900, isPerUser: true },
    implementation: 'Shlemazle-Plotz v302',
  });
});

test('parameters that are missing or none', () => {
  const list = ['EXPIRE', 'LOGIN-DELAY', 'UTF8', 'IMPLEMENTATION', 'SASL'].map((name) => ({
    name,
    parameters: [],
  }));
  expect(pop3Abilities(list)).toEqual({ ...nothing, utf8: { user: false }, implementation: '' });
  expect(pop3Abilities([{ name: 'EXPIRE', parameters: ['soon'] }])).toEqual(nothing);
  expect(pop3Abilities([{ name: 'EXPIRE', parameters: ['0', 'USER'] }])).toEqual({
    ...nothing,
    expire: { days: 0, isPerUser: true },
  });
});
