import type { CmsEnvelope, Layer, OpenReport } from '../../smime/open/report.js';
import { answerLines, reasonLines, row, type Shown, type TextOptions, titleLines } from './report-lines.js';
import { safe } from './terminal.js';
import { certificateTitle } from './words.js';

/** The report on one layer of encryption or compression. */
export function envelopeLines(
  layer: Layer & { readonly kind: 'envelope' },
  report: OpenReport,
  options: TextOptions,
): string[] {
  const { envelope } = layer;
  const lines = [...titleLines(`${titleOf(layer)} (${envelope.type})`, options), ''];
  const { cipher, keyIndex } = envelope;
  const certificate = keyIndex === undefined ? undefined : options.keys?.[keyIndex];
  if (cipher !== undefined) lines.push(...row('Cipher', cipher.name, options));
  if (certificate !== undefined)
    lines.push(...row('Opened as', safe(certificateTitle(certificate)), options));
  lines.push(...answerLines('opened', openedShown(envelope, options), options));
  if (cipher !== undefined) lines.push(...answerLines('unchanged', tagShown(layer, report), options));
  for (const reason of envelope.reasons) {
    if (reason.code !== 'envelope-not-opened' && reason.code !== 'not-authenticated')
      lines.push(...reasonLines(reason, '  ', options));
  }
  return lines;
}

function titleOf({ envelope, around }: Layer & { readonly kind: 'envelope' }): string {
  const what = envelope.type === 'compressedData' ? 'Compression' : 'Encryption';
  if (envelope.coverage === 'part') return `${what} of part ${envelope.part} only`;
  return around === undefined ? `${what} of the whole message` : `${what} inside that, of the whole content`;
}

function openedShown({ opened, error, type }: CmsEnvelope, { keys = [] }: TextOptions): Shown {
  if (opened) return { tone: 'good', value: 'yes', details: [] };
  const why =
    keys.length === 0 && type !== 'compressedData'
      ? 'no key was given; name one with --p12 FILE, or --key FILE and --cert FILE'
      : (error?.message ?? 'it cannot be read');
  return { tone: 'bad', value: 'no', details: [why] };
}

/** Whether what was decrypted is what was encrypted, which says nothing of who did that. */
function tagShown(layer: Layer & { readonly kind: 'envelope' }, { pieces }: OpenReport): Shown {
  const { authenticated } = layer.envelope;
  if (authenticated) return { tone: 'good', value: 'yes', details: ['since it was encrypted, by whomever'] };
  const inside = pieces.filter(({ layers }) => layers.includes(layer));
  const details =
    inside.length > 0 && inside.every(({ unauthenticated }) => !unauthenticated)
      ? ['the cipher does not show it, but what is inside does']
      : ['the cipher does not show whether somebody changed it on the way'];
  return { tone: 'warn', value: 'not known', details };
}
