import { asBytes, type Bytes, bytesFromLatin1, equalBytes, latin1FromBytes } from '../../src/core/bytes.js';
import { bytesFromUtf8 } from '../../src/core/utf8.js';
import { encode } from '../../src/iso2022jp/encode.js';
import type { AlterationDiagnosis, DiagnosisLimits } from '../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../src/smime/diagnose/diagnose-alteration.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import type { Draw } from './seeded.js';
import { detachedMessage } from './sign-message.js';
import { alice, now, roots, signedBy } from './sign-scene.js';

const words = [
  ...[
    'From',
    '>From',
    'here',
    'amount',
    '10,000',
    '42',
    '.',
    '..',
    '>',
    '--',
    'value\ttab',
    'a  b',
    'end ',
    '=',
    '=3D',
  ],
  ...[
    'お見積もり',
    '金額',
    '円です。',
    '１２３',
    '①',
    '～',
    'カタカナ',
    '山田',
    '、',
    '-',
    'https://example.jp/?a=1',
  ],
];

/** A text of some lines, of what relays trip over and what they do not. */
export function randomText(draw: Draw): string {
  const lines = Array.from({ length: 1 + draw(12) }, () =>
    Array.from({ length: draw(9) }, () => words[draw(words.length)]!).join(draw(4) === 0 ? '' : ' '),
  );
  return `${lines.join('\r\n')}\r\n${draw(5) === 0 ? '\r\n' : ''}`;
}

/** How a text is written in an entity. */
export interface Form {
  readonly charset: 'ISO-2022-JP' | 'UTF-8';
  readonly encoding: '7bit' | '8bit' | 'base64';
}

export function randomForm(draw: Draw): Form {
  if (draw(2) === 0) return { charset: 'ISO-2022-JP', encoding: draw(4) === 0 ? 'base64' : '7bit' };
  return { charset: 'UTF-8', encoding: draw(3) === 0 ? 'base64' : '8bit' };
}

/** The entity of a text. */
export function entityOf(text: string, { charset, encoding }: Form): Bytes {
  const octets = charset === 'UTF-8' ? bytesFromUtf8(text) : encode(text, { profile: 'ms' });
  const body =
    encoding === 'base64'
      ? Buffer.from(octets)
          .toString('base64')
          .replace(/.{1,76}/g, '$&\r\n')
      : latin1FromBytes(octets);
  return bytesFromLatin1(
    `Content-Type: text/plain; charset=${charset}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`,
  );
}

/** A change of meaning: a letter, digit or sign in a text becomes another, goes or comes; `undefined` where there is none to change. */
export function changedMeaning(text: string, draw: Draw): string | undefined {
  const places = [...text.matchAll(/[\p{L}\p{N}]/gu)].map(({ index }) => index);
  if (places.length === 0) return undefined;
  const at = places[draw(places.length)]!;
  const other = 'xyzqvw7385漢字語'.replace(text[at]!, '');
  const put = other[draw(other.length)]!;
  switch (draw(3)) {
    case 0:
      return text.slice(0, at) + put + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + put + text.slice(at);
    default:
      // Behind another sign: a word that loses its first may become what a relay quotes.
      return text.slice(0, at + 1) + put + text.slice(at + 1);
  }
}

const pieces = [
  '',
  '',
  ' ',
  '\t',
  '\r\n',
  '\r\n\r\n',
  '>',
  '.',
  '=',
  '\x1b(B',
  '\x1b(J',
  'x',
  '1',
  '\xe3\x81',
  '\0',
  '\n',
  '\r',
];

/** Any change of octets: some go, some come, of which relays do some. */
export function changedOctets(octets: Bytes, draw: Draw): Bytes {
  let changed = latin1FromBytes(octets);
  for (let edits = 1 + (draw(3) >> 1); edits > 0; edits--) {
    const starts = [...changed.matchAll(/^|$/gm)].map(({ index }) => index);
    const at = draw(2) === 0 ? starts[draw(starts.length)]! : draw(changed.length + 1);
    const gone = draw(2) === 0 ? 0 : draw(4);
    changed = changed.slice(0, at) + pieces[draw(pieces.length)]! + changed.slice(at + gone);
  }
  return bytesFromLatin1(changed);
}

/** What is said of a message whose signature is over `signed`, and which came as `received`. */
export async function diagnosisOf(
  signed: Bytes,
  received: Bytes,
  limits: DiagnosisLimits = {},
): Promise<AlterationDiagnosis> {
  const message = detachedMessage(received, signedBy(alice, signed));
  const report = await verifyMessage(message, { roots, at: now });
  const diagnosis = await diagnoseAlteration(message, report, { limits });
  if (report.verified && diagnosis.alterations.length > 0) throw new Error('what is verified is not altered');
  return diagnosis;
}

/**
 * What the ranges of all changes give, put back into what was received: those of several changes stand apart from one
 * another, or are the very same.
 */
export function putBack({ received, changes }: AlterationDiagnosis['alterations'][number]): Bytes {
  const ranges = changes
    .flatMap((change) => change.ranges)
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  const pieces: Uint8Array[] = [];
  let from = 0;
  let last: (typeof ranges)[number] | undefined;
  for (const range of ranges) {
    if (range.start === last?.start && range.end === last.end) {
      if (!equalBytes(range.original, last.original)) throw new Error('one range, two originals');
      continue;
    }
    if (range.start < from) throw new Error('ranges overlap');
    pieces.push(received.subarray(from, range.start), range.original);
    from = range.end;
    last = range;
  }
  return asBytes(Buffer.concat([...pieces, received.subarray(from)]));
}
