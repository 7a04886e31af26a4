import type { Bytes } from '../../core/bytes.js';
import { MailsealError } from '../../core/errors.js';
import { withAnyForm, wrongPassword } from '../../crypto/keys/encrypted-private-key.js';
import { missingPassword } from '../../crypto/keys/parse-private-key.js';
import type { PasswordForms } from '../../crypto/passwords/password-cipher.js';
import type { Derivations } from '../../crypto/passwords/password-derivations.js';
import type { PasswordEncryption } from '../../crypto/passwords/password-encryption.js';
import { type Pkcs12Mac, verifyPkcs12Mac } from './pkcs12-mac.js';

/**
 * The password of one file in all its forms. The form under which the MAC is
 * right comes first from then on; after it, what cannot be decrypted is not
 * the password's fault.
 */
export class PasswordTrial {
  readonly derivations: Derivations;
  private readonly given: boolean;
  private forms: readonly PasswordForms[];
  private proven = false;

  constructor(forms: readonly PasswordForms[], given: boolean, derivations: Derivations) {
    this.forms = forms;
    this.given = given;
    this.derivations = derivations;
  }

  /**
   * Checks the MAC with each form.
   *
   * @throws MailsealError `crypto-password-wrong`, `crypto-password-missing`.
   */
  async prove(mac: Pkcs12Mac, octets: Bytes): Promise<void> {
    for (const form of this.forms) {
      if (!(await verifyPkcs12Mac(mac, form, octets, this.derivations))) continue;
      this.forms = [form, ...this.forms.filter((other) => other !== form)];
      this.proven = true;
      return;
    }
    throw this.refusal();
  }

  /**
   * What was encrypted with the password.
   *
   * @throws MailsealError `crypto-password-wrong` or `crypto-password-missing`;
   * `crypto-decryption-failed` where the MAC showed that the password is right.
   */
  async decrypt(
    algorithm: PasswordEncryption,
    octets: Bytes,
    looksRight: (plain: Bytes) => boolean,
  ): Promise<Bytes> {
    const plain = await withAnyForm(algorithm, octets, this.forms, this.derivations, looksRight);
    if (plain === undefined) throw this.refusal();
    return plain;
  }

  private refusal(): MailsealError {
    if (this.proven) {
      return new MailsealError(
        'crypto-decryption-failed',
        'the password is right for the file, and a part of it cannot be decrypted: it has another password',
      );
    }
    return this.given ? wrongPassword() : missingPassword();
  }
}
