/**
 * SASL (RFC 4422): authentication exchanges for both sides, without input or output.
 *
 * @module
 */

export type { SaslClient } from './mechanism.js';
