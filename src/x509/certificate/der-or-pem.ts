import { Tag } from '../../asn1/reader.js';
import { asBytes, latin1FromBytes } from '../../core/bytes.js';
import { decodePem, type PemBlock } from '../../encoding/pem.js';

/** The blocks of a PEM text that have one of these labels, or DER as one block with the first of them. */
export function blocksOf(
  octets: Uint8Array | string,
  labels: readonly string[],
): Pick<PemBlock, 'label' | 'octets'>[] {
  if (typeof octets === 'string') return decodePem(octets).filter(({ label }) => labels.includes(label));
  const bytes = asBytes(octets);
  // All that is read so is a SEQUENCE, and no PEM text begins with its identifier, a zero digit.
  if (bytes[0] === Tag.Sequence) return [{ label: labels[0] ?? '', octets: bytes }];
  return blocksOf(latin1FromBytes(bytes), labels);
}
