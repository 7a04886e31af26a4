import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenSsl } from '../../support/peers/openssl.js';
import { type Peer, PeerRefusal } from '../../support/peers/peer.js';
import { describePeers } from '../../support/peers/peers.js';
import { makePeople, type People } from '../../support/peers/people.js';
import { isInstalled } from '../../support/programs.js';
import { cellName, type Row, refusals } from './row.js';

/** What a row does. `Sealed` is what one side hands to the other. */
export interface CellWork<R extends Row, Sealed> {
  readonly theyMake: (peer: Peer, people: People, row: R) => Promise<Sealed>;
  readonly weRead: (sealed: Sealed, people: People, row: R) => Promise<void>;
  readonly weMake: (people: People, row: R) => Promise<Sealed>;
  readonly theyRead: (peer: Peer, sealed: Sealed, people: People, row: R) => Promise<void>;
}

/** Declares the tests of some rows with every peer, in both directions. */
export function describeCells<R extends Row, Sealed>(
  rows: readonly R[],
  { theyMake, weRead, weMake, theyRead }: CellWork<R, Sealed>,
): void {
  let people: People;
  let openssl: Peer | undefined;
  beforeAll(async () => {
    people = await makePeople();
    if (isInstalled('openssl')) openssl = new OpenSsl(people);
  });
  afterAll(() => openssl?.close());

  describePeers((name, open) => {
    let peer: Peer;
    beforeAll(async () => {
      peer = await open(people);
    });
    afterAll(() => peer?.close());

    for (const row of rows) {
      const words = refusals[row.id]?.[name];
      test(cellName(row, 'theirs'), async () => {
        const work = async (): Promise<void> => weRead(await theyMake(peer, people, row), people, row);
        if (words?.theirs === undefined) return work();
        // What it could not do it still cannot: else the cell is to be filled.
        expect(await refusalOf(work)).toContain(words.theirs);
      });
      if (row.notOurs !== undefined) continue;
      test(cellName(row, 'ours'), async () => {
        const ours = await weMake(people, row);
        if (words?.ours === undefined) return theyRead(peer, ours, people, row);
        expect(await refusalOf(() => theyRead(peer, ours, people, row))).toContain(words.ours);
        // It is not for anything of ours that it refuses: what OpenSSL makes of this kind it refuses, too.
        if (name === 'OpenSSL' || openssl === undefined || refusals[row.id]?.OpenSSL?.theirs !== undefined)
          return;
        const sealed = await theyMake(openssl, people, row);
        expect(await refusalOf(() => theyRead(peer, sealed, people, row))).not.toBe(didIt);
      });
    }
  });
}

const didIt = 'did it';

async function refusalOf(work: () => Promise<void>): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof PeerRefusal) return error.message;
    throw error;
  }
  return didIt;
}
