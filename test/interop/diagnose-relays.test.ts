import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnoseAlteration } from '../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { isUnpacked } from '../../tools/mail-servers.mjs';
import { isInstalled } from '../support/programs.js';
import { putBack } from '../support/random-alterations.js';
import { octetsOf, textOf } from './alterations/octets.js';
import type { Row } from './alterations/row.js';
import { entityOf, OpensslSigner } from './alterations/samples.js';
import { chapters } from './alterations/table.js';
import type { Tool } from './alterations/tools.js';

function isThere(tool: Tool): boolean {
  switch (tool) {
    case 'Exim':
      return isUnpacked('exim');
    case 'maildrop':
      return isUnpacked('maildrop');
    case 'altermime':
      return isUnpacked('altermime');
    case 'coreutils':
      return isInstalled('fold');
    case 'OpenSSL':
      return isInstalled('openssl');
    default:
      return isInstalled(tool);
  }
}

let signer: OpensslSigner | undefined;
beforeAll(() => {
  if (isThere('OpenSSL')) signer = new OpensslSigner();
});
afterAll(() => signer?.stop());

for (const { title, rows } of chapters) {
  describe(title, () => {
    for (const row of rows) {
      test(`${row.done} (${row.by.join(', ')})`, async ({ skip }) => {
        const missing = (['OpenSSL', ...row.by] as const).filter((tool) => !isThere(tool));
        if (missing.length > 0) {
          if (process.env['CI'] === 'true') throw new Error(`${missing} must be present in CI`);
          skip(`${missing} absent`);
        }
        await holds(row, signer!);
      });
    }
  });
}

async function holds(row: Row, sender: OpensslSigner): Promise<void> {
  const entity = entityOf(row.sample);
  const signed = row.signedOverLf === true ? octetsOf(textOf(entity).replaceAll('\r\n', '\n')) : entity;
  const sent = sender.sign(signed, ...(row.signing ?? []));
  const came = row.alter(sent);
  const policy = { roots: [], at: new Date() };
  const report = await verifyMessage(came, policy);
  const diagnosis = await diagnoseAlteration(came, report, { foldWidth: row.foldWidth === true });
  const { alterations, recovered, remarks } = diagnosis;
  // In which order changes were done that do not touch one another nobody can tell.
  const changes = alterations.flatMap((each) => each.changes.map(({ kind }) => kind)).toSorted();
  const told = [...remarks, ...alterations.flatMap((each) => each.remarks)].map(({ code }) => code);
  expect({ recovered, changes }).toEqual({ recovered: row.found.length > 0, changes: row.found.toSorted() });
  expect(told).toEqual(expect.arrayContaining([...(row.told ?? [])]));
  // What was recovered is what was signed; the verdict stays what it was.
  for (const alteration of alterations) {
    const { original } = alteration;
    if (original === undefined) continue;
    expect(textOf(original)).toBe(textOf(signed));
    expect(textOf(putBack(alteration))).toBe(textOf(signed));
  }
  expect(report.verified).toBe(false);
  const answers = report.seals.flatMap(({ signers }) => signers.map(({ content }) => content));
  // Where only the container was changed the content is intact, or no signature is seen any more.
  if (row.found.includes('container-changed')) expect(answers).not.toContain('altered');
  else expect(answers).toEqual(['altered']);
}
