import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { peerNames } from '../support/peers/peer.js';
import { interopPage, peerVersions, rowsWithoutPeer } from './sealing/page.js';
import { refusals } from './sealing/row.js';
import { allRows } from './sealing/table.js';

test('docs/interop.md says what the tests hold; `node tools/make-interop-page.mjs` writes it', () => {
  expect(readFileSync(new URL('../../docs/interop.md', import.meta.url), 'utf8')).toBe(interopPage());
});

test('each row has an id and a title of its own', () => {
  expect(new Set(allRows.map(({ id }) => id)).size).toBe(allRows.length);
  expect(new Set(allRows.map(({ title }) => title)).size).toBe(allRows.length);
});

test('each refusal is of a row and a peer that there are', () => {
  const ids = new Set(allRows.map(({ id }) => id));
  for (const [id, peers] of Object.entries(refusals)) {
    expect(ids).toContain(id);
    for (const name of Object.keys(peers)) expect(peerNames).toContain(name);
  }
});

test('what we make is read by somebody, and what we read made by somebody, but for what no peer knows', () => {
  const unknown = ['chacha20-poly1305', 'ed25519', 'ed448', 'x25519', 'x448'];
  expect(rowsWithoutPeer('ours').toSorted()).toEqual(unknown);
  expect(rowsWithoutPeer('theirs').toSorted()).toEqual([...unknown, 'password-gcm'].toSorted());
});

test('the versions of the packages are those of bench/peers', () => {
  const { dependencies } = JSON.parse(
    readFileSync(new URL('../../bench/peers/package.json', import.meta.url), 'utf8'),
  );
  expect(peerVersions.pkijs).toBe(dependencies.pkijs);
  expect(peerVersions['node-forge']).toBe(dependencies['node-forge']);
});
