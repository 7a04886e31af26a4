import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { canonicalLineEnds } from '../../src/encoding/line-ends.js';
import {
  type GivenSection,
  messageFromSections,
  sectionsToVerify,
} from '../../src/imap/structure/verify-sections.js';
import { formatSection } from '../../src/imap/values/section.js';
import { describeCorpus, readCorpus } from '../support/corpus.js';
import { describeMailServer, startCourier, startCyrus, startDovecot } from '../support/mail-servers.js';
import { listCorpus } from '../support/mime-corpus.js';
import { SectionPeer } from '../support/section-peer.js';
import {
  type Change,
  changes,
  octetsOf,
  tightMultipart,
  verdictOn,
  withThirdPart,
} from '../support/signed-changes.js';

const servers = { dovecot: startDovecot, cyrus: startCyrus, courier: startCourier } as const;

const verdicts = new Map<string, Promise<unknown>>();

/** What verifying says of the whole of a sample, which is the same whatever server has it. */
function verdictOnWhole({ name, octets }: { name: string; octets: Uint8Array }): Promise<unknown> {
  let verdict = verdicts.get(name);
  if (verdict === undefined) {
    verdict = verdictOn(octets);
    verdicts.set(name, verdict);
  }
  return verdict;
}

/** Signed messages as they came, and as lists and forwarding leave them. */
function samples(): { name: string; octets: Uint8Array }[] {
  const demo = canonicalLineEnds(
    new Uint8Array(readFileSync(fileURLToPath(new URL('../vectors/demo/signed.eml', import.meta.url)))),
  );
  const files = ['thunderbird-smime/smime', 'openssl-generated/messages', 'rfc4134', 'tutorial-1998']
    .flatMap((folder) => listCorpus(folder, (path) => path.endsWith('.eml')))
    .filter((_, at) => at % 20 === 0);
  const messages = [
    { name: 'demo', octets: demo },
    { name: 'tight', octets: tightMultipart },
    ...files.map((name) => ({ name, octets: canonicalLineEnds(readCorpus(name)) })),
  ];
  return [
    ...messages.flatMap(({ name, octets }) => [
      { name: `${name}, with a third part`, octets: withThirdPart(octets) },
      ...(Object.keys(changes) as Change[]).map((change) => ({
        name: `${name}, ${change}`,
        octets: octetsOf(changes[change](octets)),
      })),
    ]),
  ];
}

for (const [server, start] of Object.entries(servers)) {
  describeMailServer(server as keyof typeof servers, () => {
    describeCorpus('thunderbird-smime', () => {
      describe(`verifying from the sections of ${server}`, () => {
        it('says the same as of the whole message, or that BODY[] is to be fetched', {
          timeout: 120_000,
        }, async () => {
          const daemon = await start();
          const doubtful: string[] = [];
          let exact = 0;
          let inParts = 0;
          let number = 0;
          try {
            const peer = await SectionPeer.open(daemon);
            for (const { name, octets } of samples()) {
              await peer.append(octets);
              number++;
              const { structure, size } = await peer.message(number);
              const { sections, isWhole } = sectionsToVerify(structure);
              if (sections.length === 0) continue;
              const given: GivenSection[] = [];
              for (const section of sections) {
                given.push({ section, octets: await peer.section(number, formatSection(section)) });
              }
              const made = messageFromSections(structure, given, { size });
              if (made.doubts.length > 0)
                doubtful.push(`${name}: ${made.doubts.map(({ code }) => code).join()}`);
              else {
                expect(await verdictOn(made.octets), name).toEqual(await verdictOnWhole({ name, octets }));
                exact++;
                if (!isWhole) inParts++;
              }
            }
            peer.close();
          } finally {
            await daemon.stop();
          }
          console.log(
            `${server}: ${exact} verified from sections, ${inParts} without BODY[], ${doubtful.length} doubtful`,
          );
          // Dovecot and Cyrus give the line end between two delimiters to both multiparts.
          expect(doubtful).toEqual(server === 'courier' ? [] : ['tight, with a third part: end-ambiguous']);
          expect(exact).toBeGreaterThan(60);
        });
      });
    });
  });
}
