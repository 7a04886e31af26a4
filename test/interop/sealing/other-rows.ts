import type { Certificate } from '../../../src/x509/certificate/certificate.js';
import type { PeerCipher } from '../../support/peers/peer.js';
import type { People } from '../../support/peers/people.js';
import type { Row } from './row.js';

/** Certificates without a signature (RFC 8551 §3.8). */
export interface CertsOnlyRow extends Row {
  readonly certificates: (people: People) => readonly Certificate[];
}

export const certsOnlyRows: readonly CertsOnlyRow[] = [
  {
    id: 'certs-only',
    title: 'a certificate',
    certificates: ({ rsa }) => [rsa.certificate],
  },
  {
    id: 'certs-only-chain',
    title: 'a certificate and the authority above it',
    certificates: ({ rsa, authority }) => [rsa.certificate, authority],
  },
];

/** A seal or an envelope around what lies before it. */
export type Step = 'detached' | 'opaque' | 'encrypted';

/** A message of several layers, innermost first. */
export interface LayersRow extends Row {
  readonly steps: readonly Step[];
  readonly cipher: PeerCipher;
}

function layers(id: string, title: string, cipher: PeerCipher, ...steps: readonly Step[]): LayersRow {
  return { id, title, cipher, steps };
}

export const layersRows: readonly LayersRow[] = [
  layers('detached-encrypted', 'signed (detached), then encrypted', 'aes128-cbc', 'detached', 'encrypted'),
  layers('opaque-encrypted', 'signed (opaque), then encrypted', 'aes128-cbc', 'opaque', 'encrypted'),
  layers('detached-gcm', 'signed (detached), then AES-256-GCM', 'aes256-gcm', 'detached', 'encrypted'),
  layers('encrypted-signed', 'encrypted, then signed', 'aes128-cbc', 'encrypted', 'detached'),
  layers(
    'triple-wrap',
    'signed, encrypted and signed again (RFC 2634 §1.1)',
    'aes128-cbc',
    ...(['detached', 'encrypted', 'opaque'] as const),
  ),
];
