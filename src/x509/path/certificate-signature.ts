import type { Engine } from '../../core/engine.js';
import { MailsealError } from '../../core/errors.js';
import type { PublicKey } from '../../crypto/keys/public-key.js';
import { parseSignatureAlgorithm } from '../../crypto/signatures/signature-algorithm.js';
import { signatureFits } from '../../crypto/signatures/verify.js';
import type { Certificate } from '../certificate/certificate.js';
import { type PathProblem, type PathProblemCode, sentenceAbout } from './path-problem.js';

/** RFC 5280 §6.1.3 (a)(1): the signature of a certificate verifies with its issuer's key. */
export async function signatureFault(
  certificate: Certificate,
  key: PublicKey | undefined,
  engine: Engine | undefined,
): Promise<PathProblem | undefined> {
  if (key === undefined)
    return fault(
      certificate,
      'algorithm-unsupported',
      'has a signature that cannot be checked: its issuer’s key cannot be used',
    );
  try {
    const { signature, tbsBytes: data } = certificate;
    const algorithm = parseSignatureAlgorithm(certificate.signatureAlgorithm);
    const given = engine === undefined ? {} : { engine };
    const fits = signatureFits({ algorithm, publicKey: key, signature, data, ...given });
    return (typeof fits === 'boolean' ? fits : await fits)
      ? undefined
      : fault(certificate, 'signature-invalid', 'has a signature that is not its issuer’s');
  } catch (error) {
    if (!(error instanceof MailsealError) || error.code === 'crypto-engine-unavailable') throw error;
    // What cannot be read is no signature; what is not known here may be one.
    return fault(
      certificate,
      error.code.startsWith('crypto-') ? 'algorithm-unsupported' : 'signature-invalid',
      `has a signature that cannot be checked: ${error.message}`,
    );
  }
}

function fault(certificate: Certificate, code: PathProblemCode, what: string): PathProblem {
  const message = sentenceAbout(certificate, what);
  return { code, message, certificate, section: 'RFC 5280 §6.1.3 (a)(1)' };
}
