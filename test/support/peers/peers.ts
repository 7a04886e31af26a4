import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { isInstalled } from '../programs.js';
import { describeWith } from '../requirement.js';
import { Forge } from './forge.js';
import { Gpgsm } from './gpgsm.js';
import { Nss } from './nss.js';
import { OpenSsl } from './openssl.js';
import { type Peer, type PeerName, peerNames } from './peer.js';
import type { People } from './people.js';
import { Pkijs } from './pkijs.js';

export type { PeerName };

interface Way {
  /** What must be there for it. */
  readonly needs: string;
  readonly isPresent: () => boolean;
  readonly open: (people: People) => Peer | Promise<Peer>;
}

const inPeers = (name: string): boolean =>
  existsSync(new URL(`../../../bench/peers/node_modules/${name}`, import.meta.url));

const ways: Readonly<Record<PeerName, Way>> = {
  OpenSSL: {
    needs: 'openssl',
    isPresent: () => isInstalled('openssl'),
    open: (people) => new OpenSsl(people),
  },
  GnuPG: {
    needs: 'gpgsm',
    isPresent: () => isInstalled('gpgsm') && isInstalled('gpg-agent'),
    open: (people) => new Gpgsm(people),
  },
  NSS: {
    needs: 'cmsutil',
    isPresent: () => ['certutil', 'cmsutil', 'pk12util'].every(isInstalled),
    open: (people) => Nss.open(people),
  },
  pkijs: {
    needs: 'pkijs in bench/peers',
    isPresent: () => inPeers('pkijs'),
    open: (people) => Pkijs.open(people),
  },
  'node-forge': {
    needs: 'node-forge in bench/peers',
    isPresent: () => inPeers('node-forge'),
    open: (people) => Forge.open(people),
  },
};

/** Declares tests with each peer that is there; where one is not, they count as {@link describeWith} says. */
export function describePeers(
  declare: (name: PeerName, open: (people: People) => Promise<Peer>) => void,
  names: readonly PeerName[] = peerNames,
): void {
  for (const name of names) {
    const { needs, isPresent, open } = ways[name];
    describe(name, () =>
      describeWith(needs, isPresent(), () => declare(name, async (people) => open(people))),
    );
  }
}
